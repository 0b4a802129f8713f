"""All checks, found by walking this package; nothing is registered by hand.

Commands go by the index of what the walk finds, which `rules` reads.
"""

import importlib
import pkgutil
from collections.abc import Iterator

import hotelctl.checks
from hotelctl.checks.rules import Rule
from hotelctl.core.check import SECTIONS, Check


def walk() -> tuple[Check, ...]:
    """Every check, sorted by section prefix and number."""
    return tuple(sorted(_found(), key=lambda check: _order(check.info.id)))


def _found() -> Iterator[Check]:
    for module in pkgutil.walk_packages(hotelctl.checks.__path__, "hotelctl.checks."):
        if not module.name.endswith("__main__"):
            values = vars(importlib.import_module(module.name)).values()
            yield from (value for value in values if isinstance(value, Check))


def index() -> str:
    """The index as it has to be."""
    prefix = f"{hotelctl.checks.__name__}."
    found = (
        Rule(one.info.id, one.info.stage, one.judge.__module__.removeprefix(prefix)).line() for one in walk()
    )
    return "".join(f"{line}\n" for line in found)


def _order(check_id: str) -> tuple[str, int]:
    prefix = check_id.rstrip("0123456789")
    return prefix, int(check_id[len(prefix) :])


def markdown() -> str:
    """The catalogue as docs/checks.md shows it, section by section."""
    checks = walk()
    parts = ["# Checks", "", "Written by `python -m hotelctl.checks > docs/checks.md`; a test compares.", ""]
    for name, title in SECTIONS.items():
        inside = [check for check in checks if check.info.section == name]
        if inside:
            parts += [f"## {title}", "", *(line for check in inside for line in _lines(check))]
    return "\n".join(parts).rstrip() + "\n"


def _lines(check: Check) -> Iterator[str]:
    info = check.info
    yield f"### {info.id} {info.title}"
    yield ""
    yield f"{info.severity.word.capitalize()}, asked at stage {info.stage.value}. {info.rationale}"
    yield ""
    yield f"Mend: {info.remediation}"
    yield ""
    yield f"Looks at: {', '.join(fact.__name__ for fact in check.facts)}"
    yield ""
