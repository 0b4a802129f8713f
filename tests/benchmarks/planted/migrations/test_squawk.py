import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.planted.migrations import squawk
from benchmarks.planted.migrations.cases import CACHED_PLAN, HAZARDS, INDEX_BUILD, REWRITE, cases
from benchmarks.planted.migrations.squawk import MEANT, hazards, rules

CASE = replace(cases()[0], sql="SELECT 1;")


def _program(directory: Path, *rules_told: str, end: int = 1) -> Path:
    """A program that leaves its words beside it and tells these rules."""
    path = directory / "squawk"
    told = json.dumps([{"rule_name": rule} for rule in rules_told])
    path.write_text(f"#!/bin/sh\necho \"$@\" >'{directory}/words'\ncat <<'END'\n{told}\nEND\nexit {end}\n")
    path.chmod(0o755)
    return path


def test_rules_are_told_in_the_words_of_the_labels(tmp_path: Path) -> None:
    program = _program(
        tmp_path, "changing-column-type", "require-concurrent-index-creation", "renaming-table"
    )
    assert hazards(CASE, program) == {REWRITE, CACHED_PLAN, INDEX_BUILD}
    assert "renaming-table" in rules(CASE, program)


@pytest.mark.parametrize("transaction", [True, False])
def test_it_is_told_how_the_file_runs(tmp_path: Path, *, transaction: bool) -> None:
    rules(replace(CASE, transaction=transaction), _program(tmp_path, end=0))
    words = (tmp_path / "words").read_text().split()
    assert ("--assume-in-transaction" in words) is transaction
    assert words[:2] == ["--pg-version", "18"]


@pytest.mark.parametrize(("rule", "end"), [("syntax-error", 1), ("ban-drop-column", 2)])
def test_a_case_that_was_not_judged_is_no_figure(tmp_path: Path, rule: str, end: int) -> None:
    with pytest.raises(SystemExit, match=CASE.id):
        rules(CASE, _program(tmp_path, rule, end=end))


def test_its_rules_mean_known_hazards() -> None:
    assert frozenset().union(*MEANT.values()) <= HAZARDS


def test_its_figures_are_told_for_each_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    among = [
        replace(CASE, id=name, hazards=frozenset({name})) for name in (REWRITE, INDEX_BUILD, CACHED_PLAN)
    ]
    monkeypatch.setattr(squawk, "of_part", lambda _: among)
    squawk.main(_program(tmp_path, "adding-field-with-default"))
    figures = "precision 0.667, recall 1.000, named 0.500 (2 caught, 0 missed, 1 false alarms)"
    assert capsys.readouterr().out == f"tune: {figures}\nmeasured: {figures}\n"
