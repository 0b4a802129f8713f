"""Patterns with many stars mean what they mean to the engine, and take no time."""

import json
import time
from pathlib import Path

import pytest
from e2b_dockerfile_utils import PatternMatcher
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.core.errors import Unavailable
from hotelctl.facts.docker_context import read_ignore
from hotelctl.facts.starry_pattern import compiled, stars

_TABLE = json.loads((Path(__file__).parents[1] / "data" / "dockerignore.json").read_text())
_PARTS = ("a", "b", "*", "**", "**/", "/", "?", "[ab]", "[^a]", "\\\\*", ".", "ab/")


def _by_the_engine(pattern: str, path: str) -> bool | None:
    """What its own expression says of all of the path; None for a pattern that it refuses."""
    try:
        matcher = PatternMatcher([f"*/z*/**/{pattern}"])
    except ValueError:
        return None
    return bool(matcher._patterns[0].match(f"x/z/{path}"))


@given(
    st.lists(st.sampled_from(_PARTS), min_size=1, max_size=6).map("".join),
    st.text("ab./*\n", min_size=1, max_size=8),
)
def test_it_fits_what_the_engine_s_expression_fits(pattern: str, path: str) -> None:
    wanted = _by_the_engine(pattern, path)
    if wanted is not None:
        (said,) = PatternMatcher([f"*/z*/**/{pattern}"]).patterns
        assert compiled(said)(f"x/z/{path}") is wanted


@pytest.mark.parametrize("case", _TABLE["cases"], ids=lambda case: " ".join(case["patterns"]))
def test_every_pattern_of_the_engine_s_table_is_understood(case: dict[str, list[str]]) -> None:
    made = PatternMatcher(case["patterns"])
    for one, said in zip(made._patterns, made.patterns, strict=True):
        fits = compiled(said.removeprefix("!"))
        if stars(said):
            assert [fits(name) for name in _TABLE["files"]] == [one.match(name) for name in _TABLE["files"]]


@pytest.mark.parametrize("pattern", ["a*" * 40 + "b", "**/a" * 30 + "/b", "*[a-z]*?" * 30 + "!"])
def test_a_hostile_pattern_takes_no_time(pattern: str) -> None:
    rules = read_ignore(".dockerignore", f"{pattern}\n".encode())
    began_s = time.process_time()
    assert rules.sent("a" * 200 + "/" + "a/" * 60 + "a" * 200)
    assert time.process_time() - began_s < 5, "an expression takes until the end of the world"


def test_a_file_full_of_them_is_not_read() -> None:
    with pytest.raises(Unavailable, match=r"^\.dockerignore:51: here are more patterns with many stars"):
        read_ignore(".dockerignore", ("a*" * 40 + "b\n").encode() * 100)
