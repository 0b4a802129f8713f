"""Checks of the test run."""
