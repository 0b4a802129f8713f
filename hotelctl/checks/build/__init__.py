"""Checks of the artifact."""
