"""What is left of a migration that was taken back, and what it makes when it runs once more."""

from dataclasses import dataclass

from hotelctl.facts.schema_text import Difference


@dataclass(frozen=True, slots=True)
class Returned:
    """One revision up, down and up again: `left` differs behind the way down, `again` behind the second up.

    `why` is the refusal that ended the way, empty where nothing did; `at` names the move, down or up again.
    """

    revision: str
    path: str
    left: tuple[Difference, ...] = ()
    again: tuple[Difference, ...] = ()
    at: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """The ways there and back; `untried` are revisions behind one that did not come back."""

    ways: tuple[Returned, ...]
    untried: tuple[str, ...] = ()
