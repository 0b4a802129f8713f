import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hotelctl.core.finding import Severity
from hotelctl.core.seal import report_digest
from hotelctl.facts.validation import Validation, read_report, read_validation
from hotelctl.render.json import render
from tests.render.made import document

REPORT: dict[str, Any] = {
    "kind": "validate",
    "environment": "production",
    "profile": "production",
    "finished_at": "2026-03-01T12:00:00Z",
    "verdict": "ready",
    "git": {"commit": "c" * 40, "dirty": False},
    "facts": {},
    "policy": {"fail_on": "high", "required": ["ENV001", "DB001", "TST001", "BLD001"]},
    "sections": [
        {"checks": [{"id": "ENV001", "status": "pass"}, {"id": "DB001", "status": "unknown"}]},
        {"checks": [{"id": "TST001", "status": "not_applicable"}, {"id": "OPS001", "status": "skipped"}]},
    ],
}


def sealed(**changes: Any) -> bytes:  # noqa: ANN401 - any field of the report
    """The report with these changes, as hotelctl would have written it."""
    raw = REPORT | changes
    return json.dumps(raw | {"digest": report_digest(raw)}).encode()


def _read(data: bytes) -> Validation:
    return read_validation("r", read_report(data))


def test_required_checks_without_verdict_are_named() -> None:
    found = _read(sealed())
    assert (found.commit, found.dirty, found.verdict) == ("c" * 40, False, "ready")
    assert (found.finished_at, found.fail_on) == (datetime(2026, 3, 1, 12, tzinfo=UTC), Severity.HIGH)
    assert found.undecided == ("DB001", "BLD001")


def test_one_that_was_changed_by_hand_is_not_whole() -> None:
    assert _read(sealed()).whole
    assert not _read(sealed(verdict="blocked").replace(b"blocked", b"ready")).whole


def test_the_report_that_hotelctl_writes_is_whole() -> None:
    text = render(document())
    assert _read(text.encode()).whole
    assert not _read(text.replace('"verdict": "', '"verdict": "un').encode()).whole


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "deploy"},
        {"environment": "local"},
        {"profile": "ci"},
        {"facts": {"only": "operations"}},
        {"facts": {"baseline": "old.json"}},
        {"facts": {"staged": "only what the next commit would bring was judged"}},
        {"facts": {"since": "main"}},
    ],
)
def test_reports_of_something_else_are_none(changes: dict[str, Any]) -> None:
    assert read_report(sealed()).validates("production", "production")
    assert not read_report(sealed(**changes)).validates("production", "production")


@pytest.mark.parametrize(
    "data", [b"[]", b"{", b"{}", sealed(finished_at="x"), sealed(finished_at="2026-03-01T12:00:00")]
)
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"no report|Expecting|isoformat|no zone"):
        read_report(data)


@pytest.mark.parametrize(
    "changes", [{"git": None}, {"policy": {}}, {"policy": {"fail_on": "x", "required": []}}]
)
def test_a_validation_that_lacks_a_part_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="it is no report"):
        _read(sealed(**changes))
