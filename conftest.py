"""Loads the rules that hold for every test; fixtures stand in tests/conftest.py."""

pytest_plugins = ("tests.plugins.tiers", "tests.plugins.unread")
