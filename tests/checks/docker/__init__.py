"""Mirrors hotelctl/checks/docker."""
