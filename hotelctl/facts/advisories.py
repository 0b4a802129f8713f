"""Advisories about the locked packages by pip-audit: how it is called, and what its answer means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.program_answer import ended, json_of

PROGRAM = "pip-audit"
SERVICE = "https://api.osv.dev/v1/query"
# Asked with every run: a database that knows nothing of it knows nothing. One of them is in no lock.
_KNOWN_BAD = (("django", "1.11"), ("jinja2", "2.10"), ("urllib3", "1.24"), ("pyyaml", "5.1"))


@dataclass(frozen=True, slots=True)
class Advisory:
    """One advisory about a locked package; `fixed_in` are the versions that have the fix, oldest first."""

    id: str
    aliases: tuple[str, ...]
    name: NormalizedName
    version: str
    fixed_in: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Advisories:
    """What `service` said at `asked_at` of the `looked_up` packages; `doubts` are those it could not judge.

    The service is live: its database is of the moment in which it was asked.
    """

    service: str
    asked_at: datetime
    argv: tuple[str, ...]
    exit_code: int | None
    looked_up: int
    found: tuple[Advisory, ...]
    doubts: tuple[str, ...] = ()


def command(requirements: str, service: str) -> tuple[str, ...]:
    """The words of a run that resolves nothing by itself and asks `service`, which speaks OSV's protocol."""
    return (
        *("--requirement", requirements, "--no-deps", "--disable-pip", "--progress-spinner", "off"),
        *("--format", "json", "--vulnerability-service", "osv", "--osv-url", service, "--timeout", "10"),
    )


def known_bad(names: Mapping[NormalizedName, object]) -> tuple[str, str]:
    """Name and version of a package that is not among `names` and certainly has advisories."""
    return next(one for one in _KNOWN_BAD if canonicalize_name(one[0]) not in names)


def requirements(pins: Mapping[NormalizedName, Version | None]) -> str:
    """The lines that pip-audit is given: every pin with a version, and the one that is known to be bad."""
    bad = known_bad(pins)
    lines = [f"{name}=={version}" for name, version in sorted(pins.items()) if version is not None]
    return "\n".join((*lines, f"{bad[0]}=={bad[1]}", ""))


def answer(
    done: Completed, pins: Mapping[NormalizedName, Version | None]
) -> tuple[tuple[Advisory, ...], tuple[str, ...]]:
    """The advisories about `pins`, and why some packages could not be judged.

    Raises:
        Unavailable: it was killed, could not ask, or does not know even what is known to be bad.

    """
    ended(PROGRAM, done, (0, 1))
    if not done.stdout.strip():
        said = done.tail(1).strip()
        raise Unavailable(f"pip-audit could look nothing up: {said[:160] or 'it said nothing'}")
    found: dict[NormalizedName, tuple[Advisory, ...]] = {}
    doubts: dict[NormalizedName, str] = {}
    try:
        for item in json_of(PROGRAM, done.stdout)["dependencies"]:
            name = canonicalize_name(str(item["name"]))
            if "skip_reason" in item:
                doubts[name] = f"{name} was skipped: {item['skip_reason']}"
            else:
                found[name] = tuple(_advisories(name, item))
    except (KeyError, TypeError) as error:
        raise Unavailable("pip-audit's answer is not the JSON that it promises") from error
    if not found.pop(canonicalize_name(known_bad(pins)[0]), ()):
        raise Unavailable(f"the database knows nothing of {'=='.join(known_bad(pins))}, so it is no database")
    for name, version in pins.items():
        if name not in found and name not in doubts:
            why = "has no version that could be looked up" if version is None else "was not looked up"
            doubts[name] = f"{name} {why}"
    advisories = (one for name in sorted(found.keys() & pins.keys()) for one in found[name])
    return tuple(advisories), tuple(doubts[name] for name in sorted(doubts))


def _advisories(name: NormalizedName, item: Any) -> Iterator[Advisory]:  # noqa: ANN401 - JSON is any shape
    for one in item["vulns"]:
        yield Advisory(
            str(one["id"]),
            tuple(map(str, one.get("aliases", ()))),
            name,
            str(item["version"]),
            tuple(map(str, one.get("fix_versions", ()))),
            str(one.get("description", "")).strip().partition("\n")[0][:160],
        )
