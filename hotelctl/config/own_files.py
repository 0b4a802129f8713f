"""Files that belong to hotelctl: inside the installed package, else in the checkout."""

from importlib.resources import files
from pathlib import Path


def own_file(packaged: str, *checkout: str) -> Path:
    """Where it is: `packaged` below the package, or `checkout` below the directory around it.

    Source: an editable install does not see what the wheel's build puts into the package.
    """
    package = Path(str(files("hotelctl")))
    inside = package / packaged
    return inside if inside.is_file() else package.parent.joinpath(*checkout)
