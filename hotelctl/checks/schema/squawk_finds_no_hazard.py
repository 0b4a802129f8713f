"""DB020: squawk finds no hazard in the migrations."""

from collections import Counter
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.migration_lint import MigrationLint

_LEVELS = {"error": Severity.HIGH}


@check(
    "DB020",
    "squawk finds no hazard in the migrations",
    severity=Severity.MEDIUM,
    rationale="A statement that waits for a lock, or holds one for as long as a table is large, stops the "
    "service while it runs; one that takes away what the old release reads breaks it.",
    remediation="Each rule has a page in squawk's documentation that shows the wrong and the safe form.",
    references=("https://squawkhq.com/docs/rules",),
    stage=Stage.AUDIT,
)
def squawk_finds_no_hazard(lint: MigrationLint) -> Iterator[Finding]:
    """A finding for each of squawk's remarks that the shadow run can say nothing about, under its own id.

    What the run saw, too, stands under DB006 to DB014 with its measure. What it refuted is dropped, and
    the evidence of the others counts both.

    Raises:
        Unavailable: after them, when statements could not be judged.

    """
    counts = Counter(one.seen for one in lint.remarks)
    told = f"{counts[True]} remarks seen by the shadow run, too, {counts[False]} refuted by it"
    numbers: Counter[tuple[str, str]] = Counter()
    for one in lint.remarks:
        if one.seen is not None:
            continue
        numbers[one.rule, one.path] += 1
        number = numbers[one.rule, one.path]
        place = Location(one.path, one.line)
        page = f"https://squawkhq.com/docs/{one.rule}"
        yield Finding(
            subject=one.rule if number == 1 else f"{one.rule} #{number}",
            message=f"{place}: {one.rule}: {one.message}",
            evidence=(CommandOutput((*lint.argv, one.path), 1, by_shape(f"{place} {one.rule}; {told}")),),
            location=place,
            fix=f"{one.help}\n{page}".strip(),
            severity=_LEVELS.get(one.level),
        )
    if lint.doubts:
        raise Unavailable("; ".join(f"{path}: {why}" for path, why in lint.doubts.items()))
