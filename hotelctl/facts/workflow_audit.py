"""zizmor's findings in workflows: how it is called, and what its answer means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.program_answer import ended, json_of

PROGRAM = "zizmor"
_NOTHING = 0
# One code for each severity of the worst finding.
_FOUND = range(11, 15)
_UNREAD = re.compile(r"failed to [a-z]+ file://.*")


@dataclass(frozen=True, slots=True)
class WorkflowFinding:
    """One of its findings; `line` counts from 1, `hint` is what it says of the place."""

    rule: str
    severity: str
    path: str
    line: int | None
    message: str
    hint: str
    url: str


@dataclass(frozen=True, slots=True)
class WorkflowAudit:
    """What it found in the files that it judged; `doubts` says by path why it could not judge another."""

    argv: tuple[str, ...]
    findings: tuple[WorkflowFinding, ...]
    doubts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def command(path: str) -> tuple[str, ...]:
    """The words of a run that asks no other machine, and heeds no settings but what stands in the file.

    One file a run, and strictly: of several it leaves out those that it cannot read, with a warning.
    """
    return ("--offline", "--no-config", "--strict-collection", "--no-progress", "--format", "json-v1", path)


def findings(done: Completed) -> tuple[WorkflowFinding, ...]:
    """What it found, what comments in the files keep back left out.

    Raises:
        Unavailable: it was killed, could not read a file, or its answer contradicts the code it ended with.

    """
    if unread := _UNREAD.search(done.stderr):
        raise Unavailable(f"zizmor {unread[0]}")
    code = ended(PROGRAM, done, (_NOTHING, *_FOUND))
    items = json_of(PROGRAM, done.stdout)
    try:
        found = tuple(_finding(item) for item in items if not item.get("ignored"))
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise Unavailable("zizmor's answer is not the JSON that it promises") from error
    if (code == _NOTHING) is bool(found):
        raise Unavailable(f"zizmor ended with {code} and named {len(found)} findings")
    return found


def _finding(item: Any) -> WorkflowFinding:  # noqa: ANN401 - JSON is any shape
    primary = [one for one in item["locations"] if one["symbolic"]["kind"] == "Primary"]
    place = (primary or item["locations"])[0]
    return WorkflowFinding(
        rule=str(item["ident"]),
        severity=str(item["determinations"]["severity"]).lower(),
        path=str(place["symbolic"]["key"]["Local"]["verbatim_path"]),
        line=int(place["concrete"]["location"]["start_point"]["row"]) + 1,
        message=str(item["desc"]),
        hint=str(place["symbolic"]["annotation"]),
        url=str(item["url"]),
    )
