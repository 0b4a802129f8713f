"""Pure rules of the assistant: what it reads, what it may say, what it may propose."""
