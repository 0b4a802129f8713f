"""TST007: no test passes only when it is tried again."""

import re
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.test_run import TestRun

# pytest-rerunfailures tells of tries in its summary only, not in the JUnit file.
_RERUN = re.compile(r"\b(\d+) rerun\b")


@check(
    "TST007",
    "No test needs a second try",
    severity=Severity.LOW,
    rationale="What passes only sometimes works only sometimes, in the test or in the service.",
    remediation="Run it alone and in a random order until it fails, and mend what differs.",
    stage=Stage.TEST,
)
def no_test_needs_a_second_try(run: TestRun) -> Iterator[Finding]:
    """A finding for every test that the runner tried again, or one where it tells their number only."""
    for case in run.counts.retried:
        said = f"{case.name} passed after it had failed: {case.words}"
        yield Finding(case.name, said, (run.shown(said),), fix=run.again)
    hit = _RERUN.search(run.words)
    if hit and not run.counts.retried:
        said = f"{hit[1]} tries were made again of tests that had failed"
        yield Finding("reruns", said, (run.shown(run.words),), fix=run.again)
