"""BLD008: two builds of one commit are the same."""

import shlex
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.rebuild import Rebuild


@check(
    "BLD008",
    "Two builds of one commit are the same",
    severity=Severity.MEDIUM,
    rationale="An artifact that nobody can build again cannot be shown to come from its commit.",
    remediation="Let the build take its times from SOURCE_DATE_EPOCH, sort what it lists, and write no "
    "paths, host names or random values.",
    references=("https://reproducible-builds.org/docs/source-date-epoch/",),
    stage=Stage.AUDIT,
)
def builds_are_repeatable(both: Rebuild) -> Iterator[Finding]:
    """A finding when their digests differ; it names the members that do."""
    if both.first_sha256 != both.second_sha256:
        where = some_of(both.differing) if both.differing else "the order or the times of its members"
        words = f"sha256 {both.first_sha256[:12]} and {both.second_sha256[:12]}"
        yield Finding(
            subject=both.name,
            message=f"{both.name} was built twice, and {where} differ: {words}",
            evidence=(CommandOutput(both.argv, 0, by_shape(words)),),
            fix=f"SOURCE_DATE_EPOCH=0 {shlex.join(both.argv)}, twice, then compare",
        )
