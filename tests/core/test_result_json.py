import json
from datetime import date

from hotelctl.core.check import CheckInfo, Stage
from hotelctl.core.finding import (
    CommandOutput,
    FileExcerpt,
    Finding,
    HttpExchange,
    Location,
    Measurement,
    QueryResult,
    Severity,
)
from hotelctl.core.redact import by_shape
from hotelctl.core.report import CheckResult, JudgedFinding, Status
from hotelctl.core.result_json import from_json, to_json
from tests.render import made

_INFO = CheckInfo("ENV001", "t", Severity.CRITICAL, "why", "how", ("ref",), Stage.TEST)
_SHOWN = (
    FileExcerpt(".env", 3, by_shape("A=")),
    QueryResult("db", "SELECT 1", 1, by_shape("1")),
    HttpExchange("GET", "http://x/", None, by_shape("refused"), 1.5),
    CommandOutput(("git", "status"), None, by_shape("killed")),
    Measurement("p95", 0.3, "s", 0.2, 59),
)


def test_every_kind_of_evidence_and_result_survives_the_file() -> None:
    finding = Finding("A", "is empty", _SHOWN, Location(".env", 3), "A=1", Severity.HIGH)
    covered = JudgedFinding(
        finding,
        Severity.HIGH,
        ("ev-2",),
        made.waiver("ENV001", target="A", rotated=date(2026, 2, 21), rotation="the log"),
    )
    results = (
        CheckResult(
            _INFO, Status.FAILED, 0.5, ("ev-1",), (JudgedFinding(finding, Severity.HIGH, ("ev-2",)),)
        ),
        CheckResult(_INFO, Status.UNKNOWN, 0.1, (), (), "no database"),
        CheckResult(_INFO, Status.PASSED, 0.1, ("ev-3",), cached=made.BEGAN),
        CheckResult(_INFO, Status.WAIVED, 0.1, ("ev-3",), (covered,), "until spring"),
    )
    assert from_json(json.loads(json.dumps(to_json(results)))) == results


def test_results_from_before_there_were_waivers_are_read() -> None:
    finding = Finding("A", "is empty", _SHOWN, None, "", Severity.HIGH)
    result = CheckResult(_INFO, Status.FAILED, 0.5, (), (JudgedFinding(finding, Severity.HIGH, ()),))
    raw = to_json([result])
    del raw[0]["findings"][0]["waiver"]
    assert from_json(raw) == (result,)
