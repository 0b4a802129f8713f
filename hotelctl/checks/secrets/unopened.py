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
