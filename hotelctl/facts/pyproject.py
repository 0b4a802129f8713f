"""pyproject.toml, read once for all that ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hotelctl.core.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Pyproject:
    """`path` is relative to the project; `trouble` says with its line why `data` could not be read, else ''.

    `beside` are what it says of files, names and patterns, as far as something is there.
    """

    path: str
    text: str
    data: Mapping[str, Any]
    trouble: str = ""
    beside: frozenset[str] = field(default_factory=frozenset)

    def table(self, *names: str) -> Mapping[str, Any]:
        """The table of that name, an empty one where there is none.

        Raises:
            Unavailable: the file is no TOML, or has something else in that place.

        """
        if self.trouble:
            raise Unavailable(self.trouble)
        found = self.data
        for name in names:
            below = found.get(name, MappingProxyType({}))
            if not isinstance(below, Mapping):
                raise Unavailable(f"{self.path}: {'.'.join(names)} is no table")
            found = below
        return found
