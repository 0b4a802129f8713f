"""BLD004: the wheel holds the package and nothing that was lying about."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.docker_context import private_kind
from hotelctl.facts.test_code import is_test_code
from hotelctl.facts.wheel import Wheel

_CACHE = re.compile(
    r"(^|/)(__pycache__|\.(pytest|mypy|ruff)_cache|\.hypothesis|\.tox|\.nox|\.venv|venv|node_modules|\.idea"
    r"|\.vscode|\.svn|\.hg|[^/]+\.egg-info)/|(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini|\.coverage(\..+)?)$"
    r"|\.(py[co]|sw[op]|orig|rej|bak)$|~$"
)


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
        kind = _kind(wheel, name)
        if kind is not None:
            strays[kind].append(name)
    for (what, severity), names in strays.items():
        yield _finding(wheel, what, names, severity)


def _kind(wheel: Wheel, name: str) -> tuple[str, Severity | None] | None:
    private = private_kind(name)
    if private is not None or "/.git/" in f"/{name}":
        return private or "the git history", None
    if _CACHE.search(name):
        return "a cache or what an editor or tool left", None
    if name.partition("/")[0] in ("tests", "test"):
        return "a package of tests beside the own one", None
    if name in wheel.suspects and is_test_code(wheel.suspects[name]):
        return "tests inside of the package", Severity.MEDIUM
    return None


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
