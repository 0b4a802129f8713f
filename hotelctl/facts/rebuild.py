"""Two builds of one commit: whether they are the same, byte for byte, and where not."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rebuild:
    """The digests of both; `differing` are members that differ or stand in one of them only."""

    argv: tuple[str, ...]
    name: str
    first_sha256: str
    second_sha256: str
    differing: tuple[str, ...] = ()


def differing(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[str, ...]:
    """The names whose digests are not the same in both."""
    return tuple(sorted(n for n in first.keys() | second.keys() if first.get(n) != second.get(n)))
