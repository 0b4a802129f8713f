"""GitLab's code quality report: an array of issues, each with a fingerprint of its own.

GitLab shows one issue a fingerprint, so findings that share one are numbered. It knows no waivers: what is
waived is of the mildest severity and says so. A check that could not be judged is an issue, too.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hotelctl.core.report import Status
from hotelctl.render.document import Document
from hotelctl.render.part import Place
from hotelctl.render.rows import REPORT, evidence, open_questions, rows, told
from hotelctl.render.words import clean, one_line

_SEVERITIES = {"info": "info", "low": "minor", "medium": "major", "high": "critical", "critical": "blocker"}


def render(made: Document) -> str:
    """The text of the file."""
    return json.dumps(list(_issues(made)), indent=2) + "\n"


def _issues(made: Document) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for row in rows(made):
        fingerprint = row.finding.fingerprint
        seen[fingerprint] += 1
        name = fingerprint if seen[fingerprint] == 1 else _digest(fingerprint, str(seen[fingerprint]))
        severity = "info" if row.waiver else _SEVERITIES[row.finding.severity]
        title = f"{row.title} ({told(row.waiver)})" if row.waiver else row.title
        yield _issue(row.check.id, title, severity, row.place, (name, row.text))
    for check in open_questions(made):
        state = "was skipped" if check.status is Status.SKIPPED else "could not be judged"
        title = f"{check.title}: {state}: {clean(check.reason or '')}"
        body = f"{check.rationale}\n{evidence(check.evidence)}"
        name = _digest(check.id, state)
        yield _issue(check.id, title, _SEVERITIES[check.severity], REPORT, (name, body))


def _issue(rule: str, title: str, severity: str, place: Place, named: tuple[str, str]) -> dict[str, Any]:
    fingerprint, body = named
    return {
        "type": "issue",
        "check_name": rule,
        "description": one_line(title),
        "content": {"body": body},
        "categories": ["Security" if rule.startswith("SEC") else "Bug Risk"],
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": clean(place.path), "lines": {"begin": place.line or 1}},
    }


def _digest(*words: str) -> str:
    return hashlib.sha256("\x00".join(words).encode()).hexdigest()[:16]
