"""What a page says above its content of what was just done, as a text that the page has in each language."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Notice(NamedTuple):
    """How good it is, the text's key, and what goes into it."""

    tone: str
    key: str
    values: Mapping[str, object] = MappingProxyType({})
