"""Mirrors hotelctl/checks/schema."""
