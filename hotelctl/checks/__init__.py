"""Pure questions about facts: one file each, named for what holds when it is green."""
