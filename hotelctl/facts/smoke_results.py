"""What a smoke program prints: one JSON object with a result for everything that it asked.

`{"results": [{"name": "...", "status": "PASS", "why": "", "seconds": 0.2, "budget_s": 3, "requests": 4,
"measured": [{"name": "...", "value": 1.5, "unit": "ms", "limit": 50, "n": 250}]}]}`

Only PASS within the budget is green: what was skipped, or took too long, did not pass.
"""

import json
from collections.abc import Mapping
from typing import Any

from hotelctl.core.finding import Measurement
from hotelctl.core.ports import Completed
from hotelctl.facts.smoke_run import WorkflowResult

_GREEN = "PASS"


def results_of(name: str, completed: Completed) -> tuple[WorkflowResult, ...]:
    """Every result that the program `name` printed; one that failed when it printed none or ended badly."""
    try:
        data = json.loads(completed.stdout)
        found = tuple(_result(raw, completed.evidence) for raw in data["results"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return (_ended(name, completed, _last_words(completed)),)
    if completed.ok and found:
        return found
    if all(result.passed for result in found):
        why = f"ended with {completed.exit_code}" if found else "printed no result"
        return (*found, _ended(name, completed, why))
    return found


def _result(raw: Mapping[str, Any], evidence: str) -> WorkflowResult:
    seconds, budget_s = float(raw["seconds"]), raw.get("budget_s")
    why = "" if raw["status"] == _GREEN else f"{raw['status']}: {raw['why']}"
    if not why and budget_s is not None and seconds > float(budget_s):
        why = f"took {seconds:.1f} s, its budget is {float(budget_s):g} s"
    measured = tuple(_measurement(one) for one in raw.get("measured", ()))
    return WorkflowResult(str(raw["name"]), int(raw["requests"]), seconds, why, (evidence,), measured)


def _measurement(raw: Mapping[str, Any]) -> Measurement:
    limit = raw.get("limit")
    return Measurement(
        name=str(raw["name"]),
        value=float(raw["value"]),
        unit=str(raw["unit"]),
        limit=None if limit is None else float(limit),
        n=int(raw.get("n", 1)),
    )


def _ended(name: str, completed: Completed, why: str) -> WorkflowResult:
    return WorkflowResult(name, 0, completed.duration_s, why, (completed.evidence,))


def _last_words(completed: Completed) -> str:
    if completed.timed_out:
        return f"killed at its limit after {completed.duration_s:.0f} s"
    said = completed.stderr.strip().splitlines()
    return said[-1] if said else f"ended with {completed.exit_code} and printed no results"
