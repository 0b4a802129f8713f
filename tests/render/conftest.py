"""Reports are looked at in a browser, too."""

from tests.browsing import browser

__all__ = ["browser"]
