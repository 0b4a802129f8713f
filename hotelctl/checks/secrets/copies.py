"""Findings about copies of the service's own secrets in files."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from hotelctl.core.finding import FileExcerpt, Finding, Location
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.secret_copies import SecretCopy

MOST = 50
"""So many places are shown as evidence."""


def findings(copies: Iterable[SecretCopy], fix: Callable[[SecretCopy], str]) -> Iterator[Finding]:
    """One a file and value, with all its lines."""
    ordered = sorted(copies, key=lambda copy: (copy.path, copy.names, copy.mark, copy.line))
    for _, same in groupby(ordered, key=lambda copy: (copy.path, copy.names, copy.mark)):
        yield _finding(list(same), fix)


def _finding(copies: list[SecretCopy], fix: Callable[[SecretCopy], str]) -> Finding:
    first = copies[0]
    names = " and ".join(first.names)
    places = some_of(tuple(one.place for one in copies))
    words = f"{first.path}: the value of {names} stands here, {places}: {first.mark}"
    return Finding(
        subject=names,
        message=words,
        evidence=tuple(
            FileExcerpt(one.path, _line(one), by_shape(f"{names} {one.mark}")) for one in copies[:MOST]
        ),
        location=Location(first.path, _line(first)),
        fix=fix(first),
    )


def _line(one: SecretCopy) -> int | None:
    return None if one.named else one.line
