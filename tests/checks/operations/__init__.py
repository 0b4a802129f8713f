"""Mirrors hotelctl/checks/operations."""
