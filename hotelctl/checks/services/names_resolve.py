"""EXT001: the names of outside services resolve."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.outside_lines import OutsideLines


@check(
    "EXT001",
    "The names of outside services resolve",
    severity=Severity.HIGH,
    rationale="A name that leads nowhere is mostly misspelled, and no request will ever arrive.",
    remediation="Mend the address in the variables of the release, or the entry in the name service.",
    stage=Stage.AUDIT,
)
def names_resolve(outside: OutsideLines) -> Iterator[Finding]:
    """A finding for each configured service whose name the name service does not know."""
    named = [line for line in outside.lines if not line.address.is_number]
    if not named and not outside.untold:
        raise NotApplicable("no outside service that is configured has an address with a name")
    for line in named:
        if line.no_name:
            yield Finding(
                subject=line.name,
                message=f"{line.name}: {line.address.host} does not resolve: {line.no_name}",
                evidence=(Measurement("addresses behind the name", 0, "addresses", 1),),
                fix=f"getent hosts {line.address.host}",
            )
    require_none([*((line.name, line.unseen) for line in named), *outside.untold])
