import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from benchmarks.planted import tools
from benchmarks.planted.tools import OTHERS, Hit, Tool

_MARK = "[redacted 20 chars #00000000]"


def _finding(
    message: str, path: str | None = None, line: int | None = None, how: str = "low"
) -> dict[str, Any]:
    place = {"path": path, "line": line} if path else None
    return {"message": message, "location": place, "severity": how}


def _report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *checks: dict[str, Any]) -> tuple[Hit, ...]:
    """What is made of that report; the command itself does nothing."""
    (tmp_path / "latest").mkdir()
    report = {"sections": [{"checks": list(checks)}]}
    (tmp_path / "latest" / "report.json").write_text(json.dumps(report))
    monkeypatch.setattr(tools, "_run", lambda argv, *_: " ".join(argv))
    return tools.ours(tmp_path, tmp_path)


def test_findings_of_hotelctl_are_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        _finding(f"a.env: generic (low confidence): line 2 {_MARK}, line 4 {_MARK}", "a.env", 2),
        _finding(f"b.env: the value of KEY stands here, line 3: {_MARK}", "b.env", 3, "critical"),
        _finding(f"commit c0ffeec0ffee: generic in the history, since x: {_MARK}"),
        _finding(f"tag v1.0: generic in the history, since x: {_MARK}", how="high"),
        _finding("2 values of low confidence in samples: c.env:1 generic", how="info"),
    ]
    hits = _report(
        tmp_path,
        monkeypatch,
        {"id": "SEC001", "status": "fail", "findings": found},
        {"id": "SEC007", "status": "fail", "findings": [_finding("d.env is not ignored", "d.env", 1)]},
    )
    assert hits == (
        Hit("SEC001", "a.env", frozenset({2, 4}), blocks=False),
        Hit("SEC001", "b.env", frozenset({3}), exact=True),
        Hit("SEC001", "", frozenset(), "c0ffeec0ffee", blocks=False),
        Hit("SEC001", "", frozenset(), "v1.0"),
    )


def test_a_search_that_was_not_whole_is_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="not everything was searched: SEC008"):
        _report(tmp_path, monkeypatch, {"id": "SEC008", "status": "unknown", "findings": []})


_ANSWERS = {
    "betterleaks": {"findings": [{"rule_id": "r", "location": {"path": "./a/b.env", "start_line": 2}}]},
    "kingfisher": {"findings": [{"rule": {"id": "r"}, "finding": {"path": "a/b.env", "line": 2}}]},
    "detect-secrets": {"results": {"a/b.env": [{"type": "r", "line_number": 2}]}},
}


def _program(place: Path, body: str) -> Path:
    path = place / "program"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("tool", OTHERS, ids=lambda tool: tool.name)
def test_answers_of_the_others_are_places(tool: Tool, tmp_path: Path) -> None:
    answer = shlex.quote(json.dumps(_ANSWERS[tool.name]))
    program = _program(tmp_path, f"echo {answer}; exit {tool.ends[-1]}")
    assert set(tool.hits(program, tmp_path)) == {Hit("r", "a/b.env", frozenset({2}))}


@pytest.mark.parametrize("tool", OTHERS, ids=lambda tool: tool.name)
def test_one_that_crashes_is_no_figure(tool: Tool, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="ended with 3"):
        tool.hits(_program(tmp_path, "exit 3"), tmp_path)


def test_a_version_is_what_the_program_says(tmp_path: Path) -> None:
    assert tools.version(_program(tmp_path, "echo program 2.0.0-rc.4")) == "2.0.0-rc.4"
