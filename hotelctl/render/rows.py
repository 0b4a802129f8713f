"""A report taken apart for other tools' formats: one row a finding, each with its check and a place."""

from dataclasses import dataclass
from functools import cached_property

from hotelctl.core.finding import Severity
from hotelctl.core.report import Status
from hotelctl.core.waiver import Waiver
from hotelctl.render.console import undecided
from hotelctl.render.document import CheckPart, Document, FindingPart, WaiverPart
from hotelctl.render.part import Place
from hotelctl.render.words import clean

REPORT = Place(path="reports/latest/report.json", line=1)
"""Where a finding is written that speaks of no file: services show a finding only at some place."""


@dataclass(frozen=True)
class Row:
    """A finding, the check that found it, and the waiver that covers it."""

    check: CheckPart
    finding: FindingPart
    waiver: WaiverPart | None

    @cached_property
    def severity(self) -> Severity:
        """How bad it is."""
        return Severity[self.finding.severity.upper()]

    @property
    def place(self) -> Place:
        """Where it is, or where the report stands."""
        return self.finding.location or REPORT

    @property
    def title(self) -> str:
        """What is wrong, on its own."""
        return clean(f"{self.finding.subject}: {self.finding.message}")

    @property
    def text(self) -> str:
        """What is wrong, why it matters, what to do, and the evidence."""
        fix = self.finding.fix or self.check.remediation
        return f"{self.title}\n{self.check.rationale}\nFix: {clean(fix)}\n{evidence(self.finding.evidence)}"


def rows(made: Document) -> tuple[Row, ...]:
    """All findings, worst first; those that are waived among them."""
    waivers = {waiver.place: waiver for waiver in made.waivers}
    found = (
        Row(check, finding, waivers.get(finding.waiver or ""))
        for check in made.checks()
        for finding in check.findings
    )
    return tuple(sorted(found, key=lambda row: -row.severity))


def evidence(ids: tuple[str, ...]) -> str:
    """`Evidence: ev-0001, ev-0002`, or that there is none."""
    return f"Evidence: {', '.join(ids) or 'none'}"


def told(waiver: WaiverPart) -> str:
    """Who answers for it, why and until when."""
    return clean(Waiver(**waiver.model_dump()).told())


def open_questions(made: Document) -> tuple[CheckPart, ...]:
    """The checks that could not be judged, and those that had to be and were not; required ones first."""
    required = undecided(made)
    found = [c for c in made.checks() if c.status is Status.UNKNOWN or c.id in required]
    return tuple(sorted(found, key=lambda check: check.id not in required))
