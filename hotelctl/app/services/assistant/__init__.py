"""The assistant at work: reads a message, finds what the hotel knows, answers, proposes and logs."""
