"""Mirrors hotelctl/checks/tests."""
