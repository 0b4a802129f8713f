"""Outside services: whether they can be reached, and say yes."""
