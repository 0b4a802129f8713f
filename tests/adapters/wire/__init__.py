"""Mirrors hotelctl/adapters/wire."""
