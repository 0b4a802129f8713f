"""The page of what the shows of reliability found."""

import json

from benchmarks import reliability


def test_every_table_of_the_page_is_one_wherever_a_goal_was_missed() -> None:
    kept = json.loads(reliability.FIGURES.read_text())
    lines = reliability.page({name: {**found, "good": False} for name, found in kept.items()}).split("\n")
    heads = [lines[place - 1] for place, line in enumerate(lines) if line.startswith("|---")]
    assert heads
    assert [head for head in heads if not head.startswith("|")] == []


def test_the_page_is_what_the_figures_say() -> None:
    kept = json.loads(reliability.FIGURES.read_text())
    assert reliability.page(kept) == reliability.PAGE.read_text(encoding="utf-8")
