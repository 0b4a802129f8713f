"""Mirrors hotelctl/checks/build."""
