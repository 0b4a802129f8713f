"""Files that are there to be copied and filled in, by their names."""

import re
from pathlib import PurePosixPath

_WORDS = "example|sample|template|tmpl|tpl|dist"
_WORD = re.compile(rf"(?i)(?:^|[._-])(?:{_WORDS})(?=[._-]|$)")
# Of other files the defaults are what holds; only of env files they are there to be copied.
_DEFAULTS = re.compile(r"(?i)((?:^|[._-])env(?:[._-].+)?)[._-]defaults?$|^defaults?(?=\.env$)")


def is_template(path: str, example: str | None = None) -> bool:
    """Whether the file is there to be copied and filled in: by its name, or as the service's `example`."""
    own = example is not None and PurePosixPath(path) == PurePosixPath(example)
    return own or without_word(path) != path


def without_word(path: str) -> str:
    """`.env` for `.env.example`, `example.env` and `env.example`; the path where nothing says template."""
    there = PurePosixPath(path)
    name = _DEFAULTS.sub(r"\1", _WORD.sub("", there.name))
    if name == there.name:
        return path
    return str(there.with_name(".env" if name == "env" else name)) if name else ""
