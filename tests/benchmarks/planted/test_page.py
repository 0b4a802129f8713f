import json
from typing import Any

import pytest

from benchmarks import secrets_accuracy
from benchmarks.planted import known
from benchmarks.planted.cases import MEASURED, TUNED, cases, of_half
from benchmarks.planted.measure import of, set_digest
from benchmarks.planted.page import section, written
from benchmarks.planted.score import precision, recall
from benchmarks.planted.tools import OURS, WITH_CHOSEN

FIGURES = json.loads(secrets_accuracy.FIGURES.read_text(encoding="utf-8"))
HALVES: dict[str, Any] = FIGURES["halves"]


def test_the_page_tells_the_figures_that_are_kept() -> None:
    page = secrets_accuracy.PAGE.read_text(encoding="utf-8")
    assert section(FIGURES) in page, "python benchmarks/secrets_accuracy.py --tools DIR"
    assert written(page, FIGURES) == page


def test_the_figures_are_those_of_this_set() -> None:
    assert FIGURES["set"] == set_digest(), "python benchmarks/secrets_accuracy.py --tools DIR"
    for half, found in HALVES.items():
        among, copies = of_half(half, cases()), of_half(half, known.cases())
        assert found["planted"] == sum(case.planted for case in among)
        assert found["planted"] + found["decoys"] == len(among)
        assert found["known"]["wanted"] + found["known"]["decoys"] == len(copies)
        assert sum(one[OURS]["wanted"] for one in found["places"].values()) == found["planted"]


def test_what_was_missed_is_named_of_one_half_only() -> None:
    for name, listed in ((OURS, "missed"), (WITH_CHOSEN, "missed with another")):
        mine = HALVES[TUNED]["scanners"][name]
        assert len(HALVES[TUNED][listed]) == mine["wanted"] - mine["found"]
    assert not {one for one in HALVES[MEASURED] if one.startswith(("missed", "alarms"))}
    shown = section(FIGURES).partition("### Half that is looked at")[0]
    assert [case.name for case in of_half(MEASURED, cases()) if case.name in shown] == []


def test_other_sections_of_the_page_stay() -> None:
    page = "# Page\n\n## Before\n\nx\n\n## Secrets\n\nold\n\n## Behind\n\ny\n"
    again = written(page, FIGURES)
    assert again == f"# Page\n\n## Before\n\nx\n\n{section(FIGURES)}\n## Behind\n\ny\n"
    assert written(again, FIGURES) == again


@pytest.mark.parametrize(
    ("found", "false", "copies", "kept"),
    [(95, 5, 0, True), (94, 0, 0, False), (95, 6, 0, False), (100, 0, 1, False)],
)
def test_a_missed_goal_is_said_and_is_the_exit_code(
    found: int, false: int, copies: int, *, kept: bool
) -> None:
    numbers = {"wanted": 100, "found": found, "false": false}
    half = {
        **HALVES[MEASURED],
        "scanners": {OURS: numbers},
        "known": {**numbers, "false": copies, "decoys": 1},
    }
    half |= {parts: {name: {OURS: numbers} for name in half[parts]} for parts in ("places", "groups")}
    figures = {**FIGURES, "halves": {**HALVES, MEASURED: half}}
    assert secrets_accuracy.keeps(figures) is kept
    goals = next(line for line in section(figures).splitlines() if line.startswith("Goals"))
    assert ("missed" in goals) is not kept


@pytest.mark.system
@pytest.mark.parametrize("half", [MEASURED, TUNED])
def test_hotelctl_does_as_well_as_the_page_says(half: str) -> None:
    now, told = of(half, {}), HALVES[half]
    named = [(now["scanners"][name], told["scanners"][name]) for name in (OURS, WITH_CHOSEN)]
    for mine, before in (*named, (now["known"], told["known"])):
        assert recall(mine) >= recall(before)
        assert precision(mine) >= precision(before)
