"""Mirrors hotelctl/checks/env."""
