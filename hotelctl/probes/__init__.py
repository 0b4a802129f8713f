"""Probes: each reads the world through the ports and returns one fact, named by its return type."""
