"""Findings about archives that no program could open, and for which somebody answers."""

from collections.abc import Iterator, Mapping

from hotelctl.core.finding import FileExcerpt, Finding, Location
from hotelctl.core.redact import by_shape
from hotelctl.core.waiver import WHOLE_SEARCH, unopened
from hotelctl.facts.archives import digest_in
from hotelctl.facts.waivers import AnsweredArchives

ANSWER = f"or answer for it in waivers.toml, by its sha256 under {WHOLE_SEARCH}"


def findings(doubts: Mapping[str, str], answered: AnsweredArchives) -> Iterator[Finding]:
    """One a path: that nobody looked into it is told, and waived by whoever answers."""
    for path, why in sorted(doubts.items()):
        if digest_in(why) in answered.digests:
            yield Finding(
                subject=unopened(digest_in(why)),
                message=f"{path}: nothing is known of what it holds: it {why}",
                evidence=(FileExcerpt(path, None, by_shape(why)),),
                location=Location(path),
                fix="look through it by hand, or keep it unpacked",
            )


def left(doubts: Mapping[str, str], answered: AnsweredArchives) -> dict[str, str]:
    """The doubts for which nobody answers."""
    return {path: why for path, why in doubts.items() if digest_in(why) not in answered.digests}


def together(here: Mapping[str, str], past: Mapping[str, str]) -> dict[str, str]:
    """The doubts of the work tree and of the history: what both have is told of the work tree alone."""
    told = {digest_in(why) for why in here.values()} - {""}
    older = {path: why for path, why in past.items() if digest_in(why) not in told and here.get(path) != why}
    # Another file at the same path: who answers for the one says nothing of the other.
    return {
        **{f"{path} in the history" if path in here else path: why for path, why in older.items()},
        **here,
    }
