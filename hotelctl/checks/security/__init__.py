"""Checks about what protects the service and the people in it."""
