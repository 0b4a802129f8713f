"""What does not belong into a wheel."""

import re

from hotelctl.core.finding import Severity
from hotelctl.facts.docker_context import private_kind
from hotelctl.facts.test_code import is_test_code
from hotelctl.facts.wheel import Wheel

_CACHE = re.compile(
    r"(^|/)(__pycache__|\.(pytest|mypy|ruff)_cache|\.hypothesis|\.tox|\.nox|\.venv|venv|node_modules|\.idea"
    r"|\.vscode|\.svn|\.hg|[^/]+\.egg-info)/|(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini|\.coverage(\..+)?)$"
    r"|\.(py[co]|sw[op]|orig|rej|bak)$|~$"
)


def kind_of_stray(wheel: Wheel, name: str) -> tuple[str, Severity | None] | None:
    """What kind of stray the member `name` is, with its severity where that is its own; None for none."""
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
