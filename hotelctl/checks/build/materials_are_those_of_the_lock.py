"""BLD011: the bill of materials is that of the lock."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.bill_of_materials import BillOfMaterials
from hotelctl.facts.lock import Lock


@check(
    "BLD011",
    "The bill of materials is that of the lock",
    severity=Severity.MEDIUM,
    rationale="Who looks up whether a weak package is in the release reads one of the two.",
    remediation="Install from the hashed requirements only, and write them anew when something changes.",
    references=("https://cyclonedx.org/specification/overview/",),
    stage=Stage.AUDIT,
)
def materials_are_those_of_the_lock(bill: BillOfMaterials, lock: Lock) -> Iterator[Finding]:
    """A finding for each package that is not the same in both; the bill itself is in the evidence."""
    for name, words in bill.against(lock):
        yield Finding(
            subject=name,
            message=words,
            evidence=(CommandOutput(bill.argv, 0, by_shape(words)),),
            location=Location(lock.path),
            fix=f"write {lock.path} anew and install from it",
        )
