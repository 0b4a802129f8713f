import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks import service_load
from benchmarks.service.goals import goals
from benchmarks.service.measure import BARE_DRIVER, BARE_ENGINE, ENTRY, SERVERS
from tests.benchmarks.service.made import trial
from tests.benchmarks.service.test_goals import measured

_GOOD = measured(trial(*[0.05] * 500))
_DISTURBED = {**_GOOD, "soak": {**_GOOD["soak"], "load": trial(0.05, others_s=9).row()}}


def _with(monkeypatch: pytest.MonkeyPatch, found: dict[str, Any]) -> None:
    def measured_parts(_: object, parts: Sequence[str]) -> dict[str, Any]:
        return {name: found[name] for name in ("extent", "machine", *parts)}

    monkeypatch.setattr(service_load, "measure", measured_parts)


@pytest.mark.parametrize(
    ("found", "code", "is_written"),
    [(_GOOD, 0, True), (measured(trial(*[0.5] * 500)), 1, True), (_DISTURBED, 3, False)],
)
def test_the_page_is_written_unless_others_used_the_cores(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: dict[str, Any], code: int, *, is_written: bool
) -> None:
    _with(monkeypatch, found)
    page, data = tmp_path / "page.md", tmp_path / "figures.json"
    assert service_load.main(["--page", str(page), "--json", str(data)]) == code
    assert page.exists() is is_written
    assert json.loads(data.read_text())["disturbed"] == ([] if is_written else ["soak"])


def test_rounds_that_were_never_quiet_are_named() -> None:
    found = measured(trial(*[0.05] * 500, others_s=9))
    assert service_load.disturbed(found) == [*found["scenarios"], "soak"]


def test_parts_that_are_named_are_judged_alone_and_make_no_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page, data = tmp_path / "page.md", tmp_path / "figures.json"
    words = ["--only", "writes,first-token", "--page", str(page), "--json", str(data)]
    for found, code in ((_GOOD, 0), (measured(trial(*[0.05] * 500), read_ms=300.0), 1)):
        _with(monkeypatch, found)
        assert service_load.main(words) == code
        told = json.loads(data.read_text())
        assert [goal["what"] for goal in told["goals"]] == [
            "slowest write of the API",
            "first word of a streamed answer",
        ]
    assert not page.exists()


def test_a_part_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        service_load.main(["--only", "writes,nothing"])
    assert "no such part: nothing" in capsys.readouterr().err


@pytest.mark.system
def test_a_quick_run_measures_everything_and_judges_nothing(tmp_path: Path) -> None:
    page, data = tmp_path / "page.md", tmp_path / "figures.json"
    assert service_load.main(["--quick", "--page", str(page), "--json", str(data)]) == 0
    assert not page.exists()
    found = json.loads(data.read_text())
    assert {goal["met"] for goal in found["goals"]} == {None}
    assert set(found["scenarios"]) == {
        *("log-in", "dashboard", "ticket list", "chat message", "all four mixed"),
        *(ENTRY, BARE_DRIVER, BARE_ENGINE),
    }
    for name, row in found["scenarios"].items():
        assert row["n"] >= 15, name
        assert row["failed"] == 0, row["all_rounds"]
        assert row["p50_ms"]["median"] <= row["p95_ms"]["median"] <= row["p100_ms"]["median"], name
        one = row["all_rounds"][0]
        assert set(one["cpu_share"]) == {"service", "bare", "generator", "benchmark", "postgres", "others"}
        if SERVERS.get(name) != "bare":
            assert one["statements"] > one["n"], name
    # Of a machine that others keep busy no rate at all can be said to be kept up.
    assert all(row["rate"]["median"] > 0 or row["disturbed_rounds"] for row in found["capacity"].values())
    assert all(row["loads"] == 1 and row["bytes"] > 500 for row in found["pages"])
    big = found["big-hotel"]
    alone = (found["reads"], found["writes"], found["first-token"], big["routes"], big["first-token"])
    assert all(row["n"] == 1 and row["p95_ms"] > 0 for rows in alone for row in rows)
    soak = found["soak"]
    assert soak["pool"]["size"] == 10
    assert len(soak["samples"]) >= 30
    assert min(memory for _, memory in soak["samples"]) > 30
    assert (soak["bad_lines"], soak["load"]["failed"]) == (0, 0)


def test_the_goals_are_those_that_were_agreed() -> None:
    assert {goal.what: goal.wanted for goal in goals(_GOOD)} == {
        **dict.fromkeys(
            ("log-in", "dashboard", "ticket list", "chat message", "all four mixed"), "p95 < 200 ms at 50/s"
        ),
        "database statements": "p95 and each mean < 50 ms",
        "slowest page with its assets": "p95 < 2 s",
        "slowest read of the API": "p95 < 200 ms",
        "slowest write of the API": "p95 < 200 ms",
        "first word of a streamed answer": "p95 < 1000 ms",
        "slowest answer to the big hotel": "p95 < 200 ms",
        "first word of a streamed answer, big hotel": "p95 < 1000 ms",
        **{f"entry by key / {bare}": ">= 0.7" for bare in (BARE_DRIVER, BARE_ENGINE)},
        "memory over 10 min": "no growth, or < 1 MB/min",
        "database connections": "nobody waits for one",
        "failures and error lines meanwhile": "0",
    }
