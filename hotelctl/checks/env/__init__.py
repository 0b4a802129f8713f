"""Checks of the environment that a release is started with."""
