"""TOML as people write it: values and comments from text that nobody vouches for."""

import json
import re
from collections.abc import Iterable

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def string(text: str) -> str:
    """A basic string that reads back as `text`; a lone surrogate, which TOML cannot hold, as `?`."""
    sound = text.encode("utf-8", "replace").decode()
    return json.dumps(sound, ensure_ascii=False).replace("\x7f", "\\u007f")


def strings(texts: Iterable[str]) -> str:
    """An array of strings on one line."""
    return f"[{', '.join(map(string, texts))}]"


def key(text: str) -> str:
    """A key, in quotes where it must be."""
    return text if _BARE.fullmatch(text) else string(text)


def comment(text: str) -> str:
    """A comment on one line, whatever `text` holds."""
    return f"# {' '.join(_UNSAFE.sub(' ', text).split())}"
