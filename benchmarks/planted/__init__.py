"""Secrets and what only looks like one, planted into repositories that are made for it."""
