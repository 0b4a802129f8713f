"""Finding templates: inside the installed package, else at the top of the checkout."""

from importlib.resources import files
from pathlib import Path

_PACKAGED = "_templates"
_CHECKOUT = ("reports", "templates")


def template(name: str) -> str:
    """The text of template `name`. Raises `FileNotFoundError` where neither place has it."""
    package = files("hotelctl")
    packaged = package / _PACKAGED / name
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return Path(str(package)).parent.joinpath(*_CHECKOUT, name).read_text(encoding="utf-8")
