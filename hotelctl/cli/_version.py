"""Which hotelctl this is."""

import platform
from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """The installed version; `unknown` when it runs from a checkout that was never installed."""
    try:
        return version("hotelctl")
    except PackageNotFoundError:
        return "unknown"


def version_line() -> str:
    """One line for people."""
    return f"hotelctl {installed_version()} (Python {platform.python_version()})"
