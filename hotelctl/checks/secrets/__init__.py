"""Checks about secrets that lie where they must not."""
