"""BLD004: the wheel holds the package and nothing that was lying about."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.stray import kind_of_stray
from hotelctl.facts.wheel import Wheel


@check(
    "BLD004",
    "The wheel holds the package and nothing else",
    severity=Severity.HIGH,
    rationale="A top-level tests package lands beside everybody's packages; an env file or key is given away "
    "with every copy; caches make the wheel another one on every machine.",
    remediation="Name the packages that the build backend packs, and exclude the rest there.",
    stage=Stage.BUILD,
)
def wheel_holds_the_package_only(wheel: Wheel) -> Iterator[Finding]:
    """A finding a kind of stray file; tests inside of the package are of medium severity."""
    strays: defaultdict[tuple[str, Severity | None], list[str]] = defaultdict(list)
    for name in wheel.digests:
        kind = kind_of_stray(wheel, name)
        if kind is not None:
            strays[kind].append(name)
    for (what, severity), names in strays.items():
        yield _finding(wheel, what, names, severity)


def _finding(wheel: Wheel, what: str, names: Iterable[str], severity: Severity | None) -> Finding:
    found = sorted(names)
    words = f"{what}: {some_of(found)}"
    return Finding(
        subject=what,
        message=f"{wheel.name} holds {words}",
        evidence=(FileExcerpt(wheel.name, None, by_shape(words)),),
        fix=f"leave {found[0]} out: [tool.hatch.build] exclude, [tool.setuptools.packages.find] exclude, "
        "or [tool.poetry] exclude",
        severity=severity,
    )
