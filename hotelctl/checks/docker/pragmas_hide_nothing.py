"""DKR014: no comment hides a finding."""

from collections.abc import Iterator
from dataclasses import replace

from hotelctl.checks.docker.every_file import Doubt, every_file
from hotelctl.checks.docker.hadolint_finds_nothing import remarked
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles
from hotelctl.facts.hadolint import HadolintRuns


@check(
    "DKR014",
    "No comment hides a finding",
    severity=Severity.MEDIUM,
    rationale="A comment switches a rule off for good, with nobody's name and no end; a waiver has both.",
    remediation="Mend what the rule names and take the comment out, or write a waiver.",
)
def pragmas_hide_nothing(files: Dockerfiles, runs: HadolintRuns) -> Iterator[Finding]:
    """A finding for each remark that hadolint makes only when it is told to read over such comments."""

    def judged(file: Dockerfile) -> Iterator[Finding | Doubt]:
        linted = runs.linted.get(file.path)
        if linted is None:
            yield Doubt(runs.doubts.get(file.path, f"{file.path}: hadolint was not asked"))
            return
        for one in remarked(file, linted, linted.hidden):
            yield replace(one, message=f"a comment hides {one.message}", severity=None)

    return every_file(files, judged)
