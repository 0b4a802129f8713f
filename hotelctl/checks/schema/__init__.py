"""Checks of the database and its migrations."""
