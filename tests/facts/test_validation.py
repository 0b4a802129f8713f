import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hotelctl.facts.validation import read_validation

REPORT: dict[str, Any] = {
    "kind": "validate",
    "environment": "production",
    "profile": "production",
    "finished_at": "2026-03-01T12:00:00Z",
    "verdict": "ready",
    "git": {"commit": "c" * 40, "dirty": False},
    "facts": {},
    "policy": {"required": ["ENV001", "DB001", "TST001", "BLD001"]},
    "sections": [
        {"checks": [{"id": "ENV001", "status": "pass"}, {"id": "DB001", "status": "unknown"}]},
        {"checks": [{"id": "TST001", "status": "not_applicable"}, {"id": "OPS001", "status": "skipped"}]},
    ],
}


def _read(**changes: Any) -> Any:  # noqa: ANN401 - a validation or none
    return read_validation("r", json.dumps(REPORT | changes).encode(), "production", "production")


def test_required_checks_without_verdict_are_named() -> None:
    found = _read()
    assert (found.commit, found.dirty, found.verdict) == ("c" * 40, False, "ready")
    assert found.finished_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert found.undecided == ("DB001", "BLD001")


@pytest.mark.parametrize(
    "changes",
    [{"kind": "deploy"}, {"environment": "local"}, {"profile": "ci"}, {"facts": {"only": "operations"}}],
)
def test_reports_of_something_else_are_none(changes: dict[str, Any]) -> None:
    assert _read(**changes) is None


@pytest.mark.parametrize(
    "changes", [{"git": None}, {"finished_at": "x"}, {"finished_at": "2026-03-01T12:00:00"}]
)
def test_what_is_no_report_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no report|isoformat|no zone"):
        _read(**changes)
    with pytest.raises(ValueError, match="no report"):
        read_validation("r", b"[]", "production", "production")
