import pytest

from hotelctl.checks.secrets.the_search_was_whole import the_search_was_whole as check
from hotelctl.core.errors import Unavailable
from hotelctl.facts.leaks import TreeLeaks
from hotelctl.facts.past_leaks import HistoryLeaks
from tests.checks import made

_TREE, _HISTORY = TreeLeaks(("betterleaks",), 3, ()), HistoryLeaks(2, (), "")


def test_a_whole_search_is_fine() -> None:
    assert made.judged(check, _TREE, _HISTORY) == []


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
        made.judged(check, tree, past)
