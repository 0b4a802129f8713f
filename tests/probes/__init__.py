"""Probes over in-memory worlds."""
