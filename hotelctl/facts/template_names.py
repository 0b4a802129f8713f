"""Files that are there to be copied and filled in, by their names."""

import re
from pathlib import PurePosixPath

_WORDS = "example|sample|template|tmpl|tpl|dist"
_WORD = re.compile(rf"(?i)(?:^|[._-])(?:{_WORDS})(?=[._-]|$)")
_SOME_WORD = (*_WORDS.split("|"), "default")
# Of other files the defaults are what holds; only of env files they are there to be copied.
_DEFAULTS = re.compile(r"(?i)((?:^|[._-])env(?:[._-].+)?)[._-]defaults?$|^defaults?(?=\.env$)")


def is_template(path: str, example: str | None = None) -> bool:
    """Whether the file is there to be copied and filled in: by its name, or as the service's `example`."""
    return without_word(path) != path or (example is not None and _is_same(path, example))


def _is_same(path: str, other: str) -> bool:
    name = other.rstrip("./").rpartition("/")[2]
    return path.rstrip("./").endswith(name) and PurePosixPath(path) == PurePosixPath(other)


def without_word(path: str) -> str:
    """`.env` for `.env.example`, `example.env` and `env.example`; the path where nothing says template."""
    # Thousands of files are asked for by name, and of nearly all this much says enough.
    small = path.lower()
    if path.isascii() and not any(word in small for word in _SOME_WORD):
        return path
    there = PurePosixPath(path)
    name = _DEFAULTS.sub(r"\1", _WORD.sub("", there.name))
    if name == there.name:
        return path
    return str(there.with_name(".env" if name == "env" else name)) if name else ""
