"""TST004: not fewer tests run than when the serving release was deployed."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.earlier_run import EarlierRun
from hotelctl.facts.test_run import TestRun

_SHOWN = 3


@check(
    "TST004",
    "As many tests run as for the last release",
    severity=Severity.HIGH,
    rationale="Tests that are gone find nothing, and the run is as green as before.",
    remediation="Bring them back; if they went on purpose, waive the key `executed` until the next release.",
    stage=Stage.TEST,
)
def as_many_tests_run_as_before(earlier: EarlierRun, run: TestRun) -> Iterator[Finding]:
    """A finding when fewer ran, with some that ran then and do not now."""
    before = earlier.counts.executed
    if run.executed >= before:
        return
    gone = sorted(earlier.counts.ran - run.counts.ran)
    named = f"; no longer: {', '.join(gone[:_SHOWN])}" if gone else ""
    more = f" and {len(gone) - _SHOWN} more" if len(gone) > _SHOWN else ""
    said = f"{run.executed} tests ran, {before} did for release {earlier.release}{named}{more}"
    yield Finding(
        subject="executed",
        message=said,
        evidence=(
            Measurement("tests executed", run.executed, "tests", before, run.counts.tests),
            run.shown(said),
        ),
        fix="bring them back, or waive TST004 in waivers.toml",
    )
