import pytest

from hotelctl.checks.secrets.the_search_was_whole import the_search_was_whole as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.archives import LOCKED, named
from hotelctl.facts.leaks import TreeLeaks
from hotelctl.facts.past_leaks import HistoryLeaks
from hotelctl.facts.waivers import AnsweredArchives
from tests.checks import made

_TREE, _HISTORY = TreeLeaks(("betterleaks",), 3, ()), HistoryLeaks(2, (), "")
_NOBODY = AnsweredArchives()


def test_a_whole_search_is_fine() -> None:
    assert made.judged(check, _TREE, _HISTORY, _NOBODY) == []


@pytest.mark.parametrize(
    ("tree", "past", "why"),
    [
        (TreeLeaks(("betterleaks",), 3, (), {"a.bin": "is too large"}), _HISTORY, r"^a\.bin: is too large$"),
        (_TREE, HistoryLeaks(2, (), "the clone is shallow"), "^history: the clone is shallow$"),
        (_TREE, HistoryLeaks(2, (), "", {"a.zip": "is too large"}), r"^a\.zip: is too large$"),
    ],
)
def test_what_was_left_out_is_a_doubt(tree: TreeLeaks, past: HistoryLeaks, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        made.judged(check, tree, past, _NOBODY)


def test_an_archive_for_which_somebody_answers_is_a_finding_and_every_other_one_stays_a_doubt() -> None:
    digest, other = "a" * 64, "b" * 64
    tree = TreeLeaks(("betterleaks",), 3, (), {"a.zip": named(LOCKED, digest)})
    past = HistoryLeaks(2, (), "", {"old/a.zip": named(LOCKED, digest)})
    found = made.judged(check, tree, past, AnsweredArchives(frozenset({digest})))
    assert [(one.subject, one.message) for one in found] == [
        (
            f"archive sha256 {digest}",
            f"{path}: nothing is known of what it holds: it {LOCKED} (sha256 {digest})",
        )
        for path in ("a.zip", "old/a.zip")
    ]
    with pytest.raises(Unavailable, match=r"^a\.zip, old/a\.zip: is not opened"):
        made.judged(check, tree, past, AnsweredArchives(frozenset({other})))


def test_a_repository_inside_this_one_is_a_note() -> None:
    tree = TreeLeaks(("betterleaks",), 3, (), apart=("vendor/x",))
    (found,) = made.judged(check, tree, _HISTORY, _NOBODY)
    assert (found.severity, str(found.location)) == (Severity.INFO, "vendor/x")
    assert "neither its files nor its history were searched" in found.message
