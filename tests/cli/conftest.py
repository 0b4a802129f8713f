"""The place with real releases, for what stops them."""

from tests.deploy.targets.conftest import place  # noqa: F401 - fixtures are found by their names here
