"""CTRF, the Common Test Report Format: a test a check, and one a step of a deployment.

It has no word for `could not be judged`: that is `other`, and `failed` where a verdict was required.
`rawStatus` is hotelctl's own word.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hotelctl.core.report import Status
from hotelctl.render.console import undecided
from hotelctl.render.document import CheckPart, Document, StepPart
from hotelctl.render.rows import rows
from hotelctl.render.words import clean

_STATUSES = {
    Status.PASSED: "passed",
    Status.WARNED: "passed",
    Status.FAILED: "failed",
    Status.UNKNOWN: "other",
    Status.SKIPPED: "skipped",
    Status.WAIVED: "skipped",
    Status.NOT_APPLICABLE: "skipped",
}
_STEPS = {"done": "passed", "failed": "failed", "undone": "failed", "running": "other", "planned": "pending"}
_COUNTED = ("passed", "failed", "skipped", "pending", "other")


def render(made: Document) -> str:
    """The text of the file."""
    required = undecided(made)
    tests = [
        *(_check(made, part.title, check, required) for part in made.sections for check in part.checks),
        *map(_step, made.steps),
    ]
    counts = Counter(test["status"] for test in tests)
    report = {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "timestamp": made.finished_at,
        "generatedBy": f"hotelctl {made.hotelctl.version}",
        "results": {
            "tool": {"name": "hotelctl", "version": made.hotelctl.version},
            "summary": {
                "tests": len(tests),
                **{word: counts[word] for word in _COUNTED},
                "start": _milliseconds(made.started_at),
                "stop": _milliseconds(made.finished_at),
            },
            "tests": tests,
            "environment": {
                "appName": made.service.name,
                "appVersion": made.service.version,
                "commit": made.git.commit,
                "branchName": made.git.branch or "",
                "testEnvironment": made.environment,
            },
            "extra": {"report": made.id, "verdict": made.verdict, "evidenceHead": made.evidence_head},
        },
    }
    return json.dumps(report, indent=2) + "\n"


def _milliseconds(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def _check(made: Document, section: str, check: CheckPart, required: Sequence[str]) -> dict[str, Any]:
    found = [row for row in rows(made) if row.check.id == check.id]
    told = [row.title for row in found] if check.status is Status.FAILED or not check.reason else []
    message = clean("; ".join([*told, *filter(None, [check.reason])]))
    test = {
        "name": f"{check.id} {check.title}",
        "status": "failed" if check.id in required else _STATUSES[check.status],
        "rawStatus": check.status.value,
        "duration": round(check.duration_s * 1000),
        "suite": [section],
        "tags": [check.severity],
        "extra": {
            "evidence": list(check.evidence),
            "findings": [row.finding.model_dump(mode="json") for row in found],
            **check.marks(),
        },
    }
    place = next((row.finding.location for row in found if row.finding.location), None)
    return (
        test
        | ({"message": message} if message else {})
        | ({"trace": "\n\n".join(row.text for row in found)} if found else {})
        | ({"filePath": clean(place.path)} if place else {})
        | ({"line": place.line} if place and place.line else {})
    )


def _step(step: StepPart) -> dict[str, Any]:
    return {
        "name": f"step {step.n} {step.name}",
        "status": _STEPS.get(step.status, "other"),
        "rawStatus": step.status,
        "duration": round(step.duration_s * 1000),
        "suite": ["Deployment"],
        "message": clean(step.summary),
        "extra": {"evidence": list(step.evidence)},
    }
