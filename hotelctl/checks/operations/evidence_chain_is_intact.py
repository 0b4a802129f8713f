"""OPS015: the evidence chain is intact."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.evidence_chain import EvidenceChain


@check(
    "OPS015",
    "The evidence chain is intact",
    severity=Severity.CRITICAL,
    rationale="One changed byte makes every later line of a report worth nothing.",
    remediation="Move the damaged file aside, keep it, and find out who wrote to it.",
)
def evidence_chain_is_intact(chain: EvidenceChain) -> Iterator[Finding]:
    """A finding for every file whose chain breaks, with the line."""
    for file in chain.files:
        if file.broken_line is not None:
            yield Finding(
                subject=file.path,
                message=f"{file.path}:{file.broken_line} {file.why}; {file.records} before it are intact",
                evidence=(FileExcerpt(file.path, file.broken_line, by_shape(file.why)),),
                location=Location(file.path, file.broken_line),
                fix=f"mv {file.path} {file.path}.broken",
            )
