"""Judged checks as plain data and back, so that a resumed operation still reports what was judged before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from hotelctl.core.check import CheckInfo, Stage
from hotelctl.core.finding import (
    CommandOutput,
    Evidence,
    FileExcerpt,
    Finding,
    HttpExchange,
    Location,
    Measurement,
    QueryResult,
    Severity,
)
from hotelctl.core.report import CheckResult, JudgedFinding, Status
from hotelctl.core.waiver import Waiver

_KINDS: Mapping[str, Callable[..., Evidence]] = {
    kind.__name__: kind for kind in (FileExcerpt, QueryResult, HttpExchange, CommandOutput, Measurement)
}


_DAYS = ("created", "expires", "rotated")


def to_json(results: Sequence[CheckResult]) -> list[dict[str, Any]]:
    """One plain mapping a result; `from_json` reads them again."""
    return [_result(result) for result in results]


def from_json(raw: Sequence[Mapping[str, Any]]) -> tuple[CheckResult, ...]:
    """The results that `to_json` wrote. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
    if not isinstance(raw, list):
        raise TypeError(raw)
    return tuple(_read(item) for item in raw)


def _result(result: CheckResult) -> dict[str, Any]:
    info = asdict(result.info) | {"severity": int(result.info.severity)}
    return {
        "info": info,
        "status": result.status.value,
        "duration_s": result.duration_s,
        "evidence": list(result.evidence),
        "findings": [_finding(judged) for judged in result.findings],
        "reason": result.reason,
        "cached": result.cached and result.cached.isoformat(),
    }


def _finding(judged: JudgedFinding) -> dict[str, Any]:
    found = judged.finding
    return {
        "subject": found.subject,
        "message": found.message,
        "location": None if found.location is None else asdict(found.location),
        "fix": found.fix,
        "severity": int(judged.severity),
        "shown": [{"kind": type(item).__name__, **asdict(item)} for item in found.evidence],
        "evidence": list(judged.evidence),
        "waiver": None if judged.waiver is None else _waiver(judged.waiver),
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    days = {name: getattr(waiver, name) for name in _DAYS}
    return asdict(waiver) | {name: day and day.isoformat() for name, day in days.items()}


def _read(raw: Mapping[str, Any]) -> CheckResult:
    info = dict(raw["info"])
    words = CheckInfo(
        **info
        | {
            "severity": Severity(info["severity"]),
            "stage": Stage(info["stage"]),
            "references": tuple(info["references"]),
        }
    )
    return CheckResult(
        words,
        Status(raw["status"]),
        raw["duration_s"],
        tuple(raw["evidence"]),
        tuple(_read_finding(item) for item in raw["findings"]),
        raw["reason"],
        # Before layers of images were kept, nothing was in a deploy.
        datetime.fromisoformat(raw["cached"]) if raw.get("cached") else None,
    )


def _read_finding(raw: Mapping[str, Any]) -> JudgedFinding:
    severity = Severity(raw["severity"])
    place = raw["location"]
    finding = Finding(
        raw["subject"],
        raw["message"],
        tuple(_read_evidence(item) for item in raw["shown"]),
        None if place is None else Location(**place),
        raw["fix"],
        severity,
    )
    # Before there were waivers, none was written.
    waiver = raw.get("waiver")
    return JudgedFinding(
        finding, severity, tuple(raw["evidence"]), None if waiver is None else _read_waiver(waiver)
    )


def _read_waiver(raw: Mapping[str, Any]) -> Waiver:
    days = {name: date.fromisoformat(raw[name]) for name in _DAYS if raw.get(name)}
    return Waiver(**{**raw, **days})


def _read_evidence(raw: Mapping[str, Any]) -> Evidence:
    fields = {key: tuple(value) if key == "argv" else value for key, value in raw.items() if key != "kind"}
    return _KINDS[raw["kind"]](**fields)
