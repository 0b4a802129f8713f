"""Loads the rules that hold for every test; fixtures stand in tests/conftest.py."""

from importlib.util import find_spec

# Where a deploy runs the service's tests there are no properties, and nothing to test them with.
_OF_DEVELOPERS = ("tests.properties",) if find_spec("hypothesis") else ()
pytest_plugins = (
    "tests.plugins.garbage",
    "tests.plugins.longest",
    "tests.plugins.tiers",
    "tests.plugins.unread",
    *_OF_DEVELOPERS,
)
