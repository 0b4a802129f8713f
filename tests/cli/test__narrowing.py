"""Which findings count beside an earlier report, or beside files that did not change."""

import json as jsonlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.cli._narrowing import Narrowed, baseline, since
from hotelctl.core.errors import UsageError
from hotelctl.core.finding import Severity
from hotelctl.core.redact import Redactor
from hotelctl.core.references import Change
from hotelctl.render.document import Document
from hotelctl.render.json import render
from tests.render import made

NAME = "hotel-assistant"


def written(place: Path, document: Document | None = None) -> Path:
    path = place / "report.json"
    path.write_text(render(document or made.document()))
    return path


def read(path: Path) -> Narrowed:
    return baseline(path, NAME, LocalFiles(Unrecorded(Redactor(), SystemClock()), path.parent))


def left(path: Path, rule: str, found: Any) -> str:  # noqa: ANN401 - a finding
    narrowing = read(path).narrowing
    return narrowing.split(made.info(rule, severity=Severity.LOW), [found])[1]


def test_what_counted_there_is_known(tmp_path: Path) -> None:
    path = written(tmp_path)
    (judged,) = made.EVERY_STATUS["ENV005"].findings
    assert left(path, "ENV005", judged.finding).startswith("1 finding left out, known from ")
    assert left(tmp_path, "ENV005", judged.finding), "its directory will do"
    assert left(path, "ENV012", judged.finding) == ""
    told = read(path).told["baseline"]
    assert told == f"{path} (commit {made.COMMIT[:12]}, 2026-03-01): 2 findings known, new ones count"


def test_what_was_waived_there_is_not_known(tmp_path: Path) -> None:
    (judged,) = made.EVERY_STATUS["BLD003"].findings
    assert judged.waiver is not None
    assert left(written(tmp_path), "BLD003", judged.finding) == ""


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (
            made.document(service={"name": "other", "version": "1"}),
            "is about other, not about hotel-assistant",
        ),
        (made.document(kind="verify"), "is the report of a verify, not of a validate"),
        (made.document(facts={"baseline": "old.json"}), "leaves out findings itself: --baseline old.json"),
        (made.document(facts={"since": "main"}), "leaves out findings itself: --since main"),
    ],
    ids=["service", "kind", "baseline", "since"],
)
def test_a_report_that_cannot_be_one_is_refused(tmp_path: Path, document: Document, words: str) -> None:
    path = written(tmp_path, document)
    with pytest.raises(UsageError, match=words) as refused:
        read(path)
    assert refused.value.message.startswith(str(path))
    assert refused.value.hint


def changed(plain: dict[str, Any]) -> str:
    plain["sections"][0]["checks"][0]["findings"] = []
    return jsonlib.dumps(plain)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (changed, "do not give the digest that it names"),
        (lambda plain: jsonlib.dumps(plain)[:-5], "is no report that can be read"),
        (lambda _: "{}", "is no report that can be read"),
    ],
    ids=["changed", "torn", "empty"],
)
def test_a_report_that_was_changed_is_refused(
    tmp_path: Path, spoil: Callable[[dict[str, Any]], str], words: str
) -> None:
    path = written(tmp_path)
    path.write_text(spoil(jsonlib.loads(path.read_text())))
    with pytest.raises(UsageError, match=words):
        read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "away.json"):
        with pytest.raises(UsageError, match=r"json: cannot be read: no such file"):
            read(place)


def test_of_a_change_what_stands_in_other_tracked_files_is_left_out_and_said_to_be() -> None:
    (judged,) = made.EVERY_STATUS["ENV005"].findings
    assert judged.finding.location is not None
    path = judged.finding.location.path
    for change, words in (
        (
            Change("c" * 40, frozenset({"a"}), frozenset({path}), frozenset()),
            "1 finding left out, not of the change since main",
        ),
        (Change("c" * 40, frozenset({path}), frozenset({"a"}), frozenset()), ""),
    ):
        narrowed = since("main", change)
        assert narrowed.narrowing.split(made.info("ENV005"), [judged.finding])[1].partition(":")[0] == words
        assert narrowed.told["since"].startswith("main (parted at cccccccccccc): 1 file changed")
        assert narrowed.change == change
