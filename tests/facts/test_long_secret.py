"""A long secret is called rare without zxcvbn only where zxcvbn calls it so, too."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from zxcvbn import matching

from hotelctl.facts.long_secret import GUESSES_LOG10, is_surely_rare
from hotelctl.facts.secret_strength import guesses_log10

_WORDS = (
    *("password", "internationalization", "verwaltungsgemeinschaft", "pricewaterhousecoopers", "p4ssw0rd"),
    *("noitazilanoitanretni", "1nt3rn4t10n4l1z4t10n", "InternationalizatioN", "stankylecartmankennymr"),
    *(
        "q1w2e3r4t5y6u7i8o9p0",
        "zxcvbnm,./",
        "qwertyuiop",
        "abcdefghijklmnop",
        "97531",
        "aaaaaaaa",
        "abcabcabc",
    ),
    *("2015-06-04", "1999", "K9", "x", "~", "Ä", "ß"),
)
_PIECES = some.sampled_from(_WORDS) | some.text(max_size=8)
_DRAWN = "X4dNq0wVtLr8zJ2ycPmB7sHf5GkE1uTa9QoR3WvY"


@given(
    some.lists(_PIECES, min_size=1, max_size=12).map("".join)
    | some.builds(str.__mul__, _PIECES, some.just(9))
)
def test_what_is_surely_rare_takes_as_many_guesses(value: str) -> None:
    assert not is_surely_rare(value) or guesses_log10(value) >= GUESSES_LOG10


@pytest.mark.parametrize(
    "value", [_DRAWN, _DRAWN.lower(), _DRAWN[:24], "0f" + "3a9c57e1" + "b2d84f60c7e95a13"]
)
def test_what_a_machine_drew_is_surely_rare(value: str) -> None:
    assert is_surely_rare(value)


@pytest.mark.parametrize(
    "value",
    [
        "verwaltungsgemeinschaftx",
        "verwaltungsgemeinschaft" * 2,
        "tfahcsniemegsgnutlawrevx",
        "1nt3rn4t10n4l1z4t10n2024",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiop[]asdfghjkl;'x",
        "Xk9Xk9Xk9Xk9Xk9Xk9Xk9Xk9",
        _DRAWN[:23],
    ],
)
def test_of_words_patterns_and_what_is_short_nothing_is_said(value: str) -> None:
    assert not is_surely_rare(value)


def test_no_word_is_longer_than_those_that_are_looked_for() -> None:
    words = [word for every in matching.RANKED_DICTIONARIES.values() for word in every]
    longest = max(words, key=len)
    assert not is_surely_rare(longest + "X")
    assert len(longest) == len("verwaltungsgemeinschaft")
