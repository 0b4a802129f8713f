"""Which environment variables the project's own code reads, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ValueShape:
    """As the code declares it: a `kind` of the env contract, `choices`, or that it is a secret."""

    kind: str = "str"
    choices: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """One place that reads one variable; `names` are alternatives, of which any one is enough.

    `needed` says that the code fails there where it is not set; `shape` what it must look like for the code.
    """

    names: tuple[str, ...]
    path: str
    line: int
    how: str
    needed: bool = False
    shape: ValueShape | None = None


@dataclass(frozen=True, slots=True)
class Scanned:
    """What one file says: reads, words in it that could be names, and places where a name is composed."""

    reads: tuple[Read, ...] = ()
    words: frozenset[str] = frozenset()
    composed: tuple[Read, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeReads:
    """All files together. `beginnings` are names that go on freely, such as `APP_DB__`.

    `skipped` tells by path why a file was not looked at; `given` are names that hotelctl itself reads.
    """

    reads: tuple[Read, ...]
    files: int
    words: frozenset[str] = frozenset()
    composed: tuple[Read, ...] = ()
    beginnings: tuple[str, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    def is_read(self, key: str) -> bool:
        """Whether something reads it, or names it where it could be read from."""
        if key in self.given or key in self.words or key.startswith(self.beginnings):
            return True
        return any(key in read.names for read in self.reads)
