"""The limits on the half that is set aside: quickly without hadolint, and as docs/accuracy.md says."""

from pathlib import Path

import pytest

from hotelctl.core.errors import Unavailable
from tests.checks.docker import figures, labelled
from tests.checks.docker.labelled import LOOKED_AT, RULES, SET_ASIDE

PAGE = Path(__file__).parents[3] / "docs" / "accuracy.md"
_NEEDS_HADOLINT = "DKR014"


@pytest.mark.parametrize("part", [SET_ASIDE, LOOKED_AT])
def test_the_rules_that_need_no_program_keep_the_limits(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoProgram:
        def __init__(self, *_ports: object) -> None:
            """Take what the real one takes."""

        def run(self, command: object) -> None:
            assert command is not None
            raise Unavailable("no program is run here")

    monkeypatch.setattr(labelled, "LocalProcesses", NoProgram)
    judged = figures.outcomes(part)
    rules = [check.info.id for check in RULES if check.info.id != _NEEDS_HADOLINT]
    sums = figures.total([figures.ours(rule, judged) for rule in rules])
    assert sums.recall >= figures.LEAST_RECALL
    assert sums.false_share <= figures.MOST_FALSE
    assert [one.case.name for one in judged if one.leaks] == []


def test_each_half_is_large_enough_and_wants_every_rule() -> None:
    halves = {part: tuple(labelled.cases(part)) for part in (SET_ASIDE, LOOKED_AT)}
    assert sum(map(len, halves.values())) >= 30
    for half in halves.values():
        assert {rule for case in half for rule in case.expect} == {check.info.id for check in RULES}
        assert any(name in case.dockerfile for case in half for name in labelled.VALUES.values())


def test_a_missed_rule_a_false_one_and_a_leak_are_seen(tmp_path: Path) -> None:
    case = next(labelled.cases(SET_ASIDE))
    good = labelled.Outcome(case, (), "", None)
    assert figures.ours("DKR004", [good]) == figures.Figures(0, 1, 0, 0)
    other = labelled.Outcome(labelled.Case("", "", frozenset()), (), "x" + labelled.VALUES["{{aws}}"], None)
    assert other.leaks == ("{{aws}}",)
    fired = labelled.outcome(case, tmp_path)
    wrong = labelled.Outcome(labelled.Case("", "", frozenset()), fired.results, "", None)
    assert figures.ours("DKR004", [wrong]) == figures.Figures(0, 0, 1, 0)
    assert figures.ours("DKR004", [wrong]).false_share == 1.0


@pytest.mark.system
def test_the_page_says_what_is_measured_with_hadolint() -> None:
    judged = {part: figures.outcomes(part) for part in (SET_ASIDE, LOOKED_AT)}
    assert figures.section(judged) in PAGE.read_text(), "python benchmarks/dockerfile_accuracy.py"
    sums = figures.total([figures.ours(check.info.id, judged[SET_ASIDE]) for check in RULES])
    assert sums.recall >= figures.LEAST_RECALL
    assert sums.false_share <= figures.MOST_FALSE
    assert [one.case.name for part in judged.values() for one in part if one.leaks] == []
