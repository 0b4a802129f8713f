"""SARIF 2.1.0: findings as results, waivers as suppressions, what could not be judged as notifications.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from hotelctl.core.finding import Severity
from hotelctl.core.report import Status
from hotelctl.render.console import undecided
from hotelctl.render.document import CheckPart, Document, WaiverPart
from hotelctl.render.rows import Row, open_questions, rows, told
from hotelctl.render.words import clean

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {
    Severity.INFO: "note",
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}


def render(made: Document) -> str:
    """The text of the log."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(made)]}
    return json.dumps(log, indent=2) + "\n"


def _run(made: Document) -> dict[str, Any]:
    checks = made.checks()
    index = {check.id: number for number, check in enumerate(checks)}
    return {
        "tool": {
            "driver": {
                "name": "hotelctl",
                "version": made.hotelctl.version,
                "rules": [_rule(made, check) for check in checks],
            }
        },
        "automationDetails": {"id": f"hotelctl/{made.kind}/{made.environment}/"},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The project's directory."}}},
        "invocations": [
            {
                "executionSuccessful": not undecided(made),
                "startTimeUtc": made.started_at,
                "endTimeUtc": made.finished_at,
                "toolExecutionNotifications": list(_notifications(made, index)),
            }
        ],
        "results": [_result(row, index) for row in rows(made)],
        "properties": {
            "report": made.id,
            "verdict": made.verdict,
            "commit": made.git.commit,
            "evidenceHead": made.evidence_head,
            "digest": made.digest,
        },
    }


def _rule(made: Document, check: CheckPart) -> dict[str, Any]:
    section = next(part.id for part in made.sections if check in part.checks)
    rule: dict[str, Any] = {
        "id": check.id,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.rationale},
        "help": {"text": check.remediation},
        "defaultConfiguration": {"level": _LEVELS[Severity[check.severity.upper()]]},
        "properties": {"tags": [section], "severity": check.severity, **check.marks()},
    }
    links = [one for one in check.references if one.startswith("https://")]
    return rule | ({"helpUri": links[0]} if links else {})


def _result(row: Row, index: dict[str, int]) -> dict[str, Any]:
    """One finding. `suppressions` is there also when it is empty: without it, nobody knows."""
    fingerprint = row.finding.fingerprint
    return {
        "ruleId": row.check.id,
        "ruleIndex": index[row.check.id],
        "kind": "fail",
        "level": _LEVELS[row.severity],
        "message": {"text": row.text},
        "locations": [_location(row)],
        # The second name is the one by which code scanning follows a finding from run to run.
        "partialFingerprints": {"hotelctl/v1": fingerprint, "primaryLocationLineHash": fingerprint},
        "suppressions": [_suppression(row.waiver)] if row.waiver else [],
        "properties": {"severity": row.finding.severity, "evidence": list(row.finding.evidence)},
    }


def _location(row: Row) -> dict[str, Any]:
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": quote(row.place.path, errors="surrogatepass"), "uriBaseId": _ROOT}
    }
    if row.place.line is not None:
        physical["region"] = {"startLine": row.place.line}
    return {
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": clean(row.finding.subject)}],
    }


def _suppression(waiver: WaiverPart) -> dict[str, Any]:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": told(waiver),
        "properties": waiver.model_dump(mode="json"),
    }


def _notifications(made: Document, index: dict[str, int]) -> Iterator[dict[str, Any]]:
    required = undecided(made)
    for check in open_questions(made):
        state = "was skipped" if check.status is Status.SKIPPED else "could not be judged"
        yield {
            "level": "error" if check.id in required else "warning",
            "message": {"text": f"{check.id} {state}: {clean(check.reason or '')}"},
            "associatedRule": {"id": check.id, "index": index[check.id]},
            "properties": {"evidence": list(check.evidence)},
        }
