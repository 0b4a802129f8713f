import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.render.words import age, below, clean, one_line, plural, seconds


@given(st.text())
def test_nothing_that_a_terminal_acts_on_is_left(text: str) -> None:
    left = {unicodedata.category(c) for c in clean(text) if c != "\n"}
    assert not left & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u202eb", "a\\u202eb"),
        ("zwölf ✓ 東京", "zwölf ✓ 東京"),
        ("a\r\nb\tc", "a\nb    c"),
        ("\udce4", "\\udce4"),
    ],
)
def test_the_unsafe_is_spelled_out_and_the_rest_stays(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_one_line_has_no_line_break() -> None:
    assert one_line("  a\n\n b\t c ") == "a b c"


@pytest.mark.parametrize(
    ("value", "words"), [(0.014, "0.01 s"), (3.25, "3.2 s"), (59.99, "60.0 s"), (125.4, "2 min 05 s")]
)
def test_seconds_for_people(value: float, words: str) -> None:
    assert seconds(value) == words


def test_plural() -> None:
    assert (plural(1, "check"), plural(0, "check")) == ("1 check", "0 checks")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/srv/app/x.py, /srv/app/y", "x.py, y"),
        ("--out=/srv/app/a", "--out=a"),
        ("/mnt/srv/app/x", "/mnt/srv/app/x"),
        ("/srv/application/x", "/srv/application/x"),
        ("/srv/app", "/srv/app"),
    ],
)
def test_paths_below_the_project_are_relative_to_it(text: str, shown: str) -> None:
    assert below(Path("/srv/app"), text) == shown


@pytest.mark.parametrize(
    ("past_s", "words"),
    [(-1, "0 s"), (119, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (172_800, "2 d")],
)
def test_ages_are_told_in_their_largest_unit(past_s: int, words: str) -> None:
    assert age(timedelta(seconds=past_s)) == words
