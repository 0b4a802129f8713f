"""What the service does: start, readiness, log-in, tokens, limits. Knows the store, not HTTP."""
