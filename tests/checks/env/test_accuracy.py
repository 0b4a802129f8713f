"""The limits that the rules of the environment are held to, on files that nobody looked at for it."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.checks.env.accuracy import Judged, cases, is_measured, judged, rules, score

pytestmark = pytest.mark.system

_LEAST_RECALL = 0.95
_MOST_FALSE = 0.02
_MOST_WRONG_EXITS = 0
_PAGE = Path(__file__).parents[3] / "docs" / "accuracy.md"
_HEAD = "## Environment rules"


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    place = tmp_path_factory.mktemp("project")
    return [judged(case, place) for case in cases()]


def test_the_table_is_large_and_half_of_it_is_set_aside() -> None:
    names = [case["name"] for case in cases()]
    assert len(set(names)) == len(names) >= 60
    assert 0.4 <= sum(map(is_measured, names)) / len(names) <= 0.6


def test_the_measured_half_keeps_the_limits(every: list[Judged]) -> None:
    if page := os.environ.get("ACCURACY_PAGE"):
        _write(Path(page), every)
    measured = [one for one in every if one.measured]
    total = score(measured)
    assert total.recall >= _LEAST_RECALL
    assert total.false / (len(measured) * len(rules())) <= _MOST_FALSE
    assert total.false / max(1, total.caught + total.false) <= _MOST_FALSE
    assert sum(one.exit != one.exit_expected for one in measured) <= _MOST_WRONG_EXITS


def test_no_secret_shows_anywhere(every: list[Judged]) -> None:
    assert {one.name: one.leaked for one in every if one.leaked} == {}


def test_the_other_half_is_right_but_for_what_is_known(every: list[Judged]) -> None:
    wrong = {one.name for one in every if not one.measured and one.found != one.expected}
    assert wrong == set()


def test_the_page_says_what_is_counted_here(every: list[Judged]) -> None:
    assert _section(every) in _PAGE.read_text(), "python benchmarks/env_accuracy.py"


def _write(page: Path, every: Sequence[Judged]) -> None:
    """The section of this page; other sections stay."""
    text = page.read_text() if page.exists() else "# How accurate the rules are\n"
    before, _, behind = text.partition(_HEAD)
    rest = behind.partition("\n## ")
    after = f"\n## {rest[2]}" if rest[1] else ""
    page.write_text(f"{before.rstrip()}\n\n{_section(every)}{after}")


def _difference(one: Judged) -> str:
    missed, false = sorted(one.expected - one.found), sorted(one.found - one.expected)
    said = (("missed", missed), ("false", false))
    return "; ".join(f"{word} {', '.join(names)}" for word, names in said if names)


def _section(every: Sequence[Judged]) -> str:
    measured, tune = [one for one in every if one.measured], [one for one in every if not one.measured]
    lines = [
        _HEAD,
        "",
        "Written by `python benchmarks/env_accuracy.py`; do not edit. The table is `tests/data/env_files`:",
        f"{len(every)} env files with every finding that each should have. The sha256 of a file's name",
        "puts it into *tune*, which may be looked at while rules are changed, or *measured*, which is only",
        "counted; the labels of a file are committed before its first run.",
        "",
        "| rule | measured: wanted | found | false alarms | tune: wanted | found | false alarms |",
        "|---|---|---|---|---|---|---|",
    ]
    for rule in (*rules(), ""):
        one, other = score(measured, rule), score(tune, rule)
        if one.wanted or one.false or other.wanted or other.false:
            numbers = (one.wanted, one.caught, one.false, other.wanted, other.caught, other.false)
            lines.append(f"| {rule or '**all**'} | {' | '.join(map(str, numbers))} |")
    total, exits = score(measured), [one for one in every if one.exit != one.exit_expected]
    reported = max(1, total.caught + total.false)
    judged_pairs = len(measured) * len(rules())
    lines += [
        "",
        f"Measured half, {len(measured)} files: recall {total.recall:.1%}; false alarms: {total.false},",
        f"which is {total.false / reported:.1%} of {reported} findings and "
        f"{total.false / judged_pairs:.2%} of {judged_pairs} verdicts; "
        f"wrong exit codes: {sum(one.measured for one in exits)}.",
        *(f"- {one.name}: {_difference(one)}" for one in measured if one.found != one.expected),
        f"Both halves: wrong exit codes {len(exits)}, secret values {sum(len(one.leaked) for one in every)} "
        "shown in findings or evidence.",
        "",
        "Files and rules have one author, so this tells of slips and of interplay between rules; it promises",
        "nothing for the files of others.",
    ]
    return "\n".join(lines) + "\n"
