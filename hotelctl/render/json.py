"""`report.json`: ASCII, two spaces, keys in the order of the contract; digests over the canonical form."""

import json
from typing import Any

from hotelctl.core import seal
from hotelctl.core.report import Report
from hotelctl.render.document import CheckPart, Document, StepPart, document
from hotelctl.render.part import Part, Redact


def digest(part: Part) -> str:
    """Of `part` without its own digest; of a report without its sign-offs."""
    plain = _plain(part)
    return seal.report_digest(plain) if isinstance(part, Document) else seal.digest(plain)


def sealed(report: Report, redact: Redact) -> Document:
    """The document of `report` with the digests of its checks, its steps and the whole."""
    made = document(report, redact)
    sections = tuple(
        section.model_copy(update={"checks": tuple(map(_sealed, section.checks))})
        for section in made.sections
    )
    made = made.model_copy(update={"sections": sections, "steps": tuple(map(_sealed, made.steps))})
    return made.model_copy(update={"digest": digest(made)})


def _sealed(part: CheckPart | StepPart) -> CheckPart | StepPart:
    return part.model_copy(update={"digest": digest(part)})


def render(made: Document) -> str:
    """The text of `report.json`."""
    return json.dumps(_plain(made), indent=2) + "\n"


def _plain(part: Part) -> dict[str, Any]:
    return part.model_dump(mode="json")
