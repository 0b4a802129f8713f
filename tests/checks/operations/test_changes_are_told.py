from packaging.version import Version

from hotelctl.checks.operations.changes_are_told import changes_are_told
from hotelctl.facts.change_notes import ChangeNotes
from hotelctl.facts.changelog import Changelog, Entry
from tests.checks import made


def _notes(
    *versions: str, fragments: tuple[str, ...] = (), unreleased: bool = False, elsewhere: str | None = None
) -> ChangeNotes:
    entries = tuple(Entry(Version(one), 3 + n) for n, one in enumerate(versions))
    log = Changelog("CHANGELOG.md", entries, unreleased)
    return ChangeNotes(log, fragments, Version("1.2"), elsewhere)


def test_an_entry_a_fragment_or_unreleased_text_is_enough() -> None:
    for notes in (
        _notes("1.2", "1.1"),
        _notes("1.1", fragments=("changelog.d/1.md",), elsewhere="v1.2"),
        _notes("1.1", unreleased=True),
        ChangeNotes(None, ("changelog.d/1.md",), Version("1.2"), None),
    ):
        assert not made.judged(changes_are_told, notes)


def test_a_version_without_entry_is_a_finding() -> None:
    (finding,) = made.judged(changes_are_told, _notes("1.1"))
    assert finding.message == "CHANGELOG.md has no entry for 1.2, and nothing unreleased"


def test_the_entry_of_a_release_that_is_out_tells_of_nothing_new() -> None:
    (finding,) = made.judged(changes_are_told, _notes("1.2", elsewhere="v1.2"))
    assert finding.message.startswith("CHANGELOG.md:3 tells of 1.2, which v1.2 released")
