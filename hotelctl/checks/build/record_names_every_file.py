"""BLD015: the list in the wheel names every file as it is."""

from collections import defaultdict
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.wheel import Wheel


@check(
    "BLD015",
    "The list in the wheel names every file as it is",
    severity=Severity.HIGH,
    rationale="pip installs what RECORD does not name, and neither notices nor removes it later.",
    remediation="Build the wheel anew by its backend; nothing may be added to it or changed afterwards.",
    references=("https://packaging.python.org/en/latest/specifications/binary-distribution-format/",),
    stage=Stage.BUILD,
)
def record_names_every_file(wheel: Wheel) -> Iterator[Finding]:
    """A finding a kind of difference between the archive and its RECORD."""
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for fault in wheel.faults:
        kinds[fault.what].append(fault.name)
    for what, names in kinds.items():
        words = f"{some_of(names)}: {what}"
        yield Finding(
            subject=f"{names[0]}: {what}",
            message=f"{wheel.name}: {words}",
            evidence=(FileExcerpt(wheel.name, None, by_shape(words)),),
            fix="hotelctl validate --only BLD003,BLD015 after the build command was mended",
        )
