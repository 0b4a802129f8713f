"""Checks about what protects the service and its secrets."""
