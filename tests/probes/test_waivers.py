from datetime import date

from hotelctl.facts.waivers import AnsweredArchives, WaiverBook, WaiverUse
from tests.config.test_waivers import ENTRY, OF_AN_ARCHIVE
from tests.probes.worlds import World


def test_the_book_holds_the_entries_and_today() -> None:
    world = World()
    world.write("waivers.toml", ENTRY)
    book = world.fact(WaiverBook)
    assert [waiver.rule for waiver in book.waivers] == ["ENV016"]
    assert book.today == date(2026, 3, 1)


def test_without_the_file_nothing_is_waived() -> None:
    assert World().why_not(WaiverBook) == "NotApplicable: there is no waivers.toml: nothing is waived"


def test_a_spoilt_file_is_no_waiver_and_told_with_its_line() -> None:
    world = World()
    world.write("waivers.toml", ENTRY.replace("reason", "raeson"))
    assert world.why_not(WaiverBook).startswith("Unavailable: waivers.toml:4: unknown key")
    world.write("waivers.toml", b"\xff")
    assert world.why_not(WaiverBook) == "Unavailable: waivers.toml:1: is not UTF-8"


def test_of_their_use_nothing_is_known_before_others_were_judged() -> None:
    world = World()
    world.write("waivers.toml", ENTRY)
    assert world.fact(WaiverUse) == WaiverUse(frozenset(), frozenset())


def test_archives_are_answered_for_as_long_as_the_waiver_holds() -> None:
    world, digests = World(), [sign * 64 for sign in "abc"]
    assert world.fact(AnsweredArchives) == AnsweredArchives()
    holds, ended, undated = map(OF_AN_ARCHIVE.format, digests)
    ended = ended.replace("2026-03-01", "2026-01-01").replace("2026-05-01", "2026-02-28")
    undated = undated.replace("expires = 2026-05-01\n", "")
    world.write("waivers.toml", f"{ENTRY}{holds}{ended}{undated}")
    assert world.fact(AnsweredArchives).digests == {digests[0]}
    world.write("waivers.toml", holds.replace("reason", "raeson"))
    assert world.fact(AnsweredArchives) == AnsweredArchives()
