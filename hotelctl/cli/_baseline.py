"""`--baseline`: findings that an earlier report has, too, do not count; new ones do."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from hotelctl.core.errors import UsageError
from hotelctl.core.finding import Severity
from hotelctl.core.narrowing import Known, Narrowing, known_before
from hotelctl.render.document import Document
from hotelctl.render.json import digest
from hotelctl.render.load import load
from hotelctl.render.verify import REPORT
from hotelctl.render.words import plural

_ANEW = "name the report.json of a whole hotelctl validate of this service"


@dataclass(frozen=True, slots=True)
class Baseline:
    """An earlier report; `told` says which, for the new one."""

    narrowing: Narrowing
    told: str


def baseline(path: Path, service: str) -> Baseline:
    """What is known from the report at `path`, a `report.json` or the directory of one.

    Raises:
        UsageError: it cannot be read, was changed since, is about another service or another command, or is
            limited itself.

    """
    made = _read(path)
    if made.digest != digest(made):
        raise UsageError(f"{path}: its contents do not give the digest that it names", _ANEW)
    if made.kind != "validate":
        raise UsageError(f"{path}: is the report of a {made.kind}, not of a validate", _ANEW)
    if made.service.name != service:
        raise UsageError(f"{path}: is about {made.service.name}, not about {service}", _ANEW)
    if "baseline" in made.facts:
        raise UsageError(f"{path}: leaves out findings itself: {made.facts['baseline']}", _ANEW)
    known = _known(made)
    about = f"commit {made.git.commit[:12] or 'none'}, {made.finished_at[:10]}"
    number = plural(sum(one.number for one in known.values()), "finding")
    told = f"{path} ({about}): {number} known, new ones count"
    return Baseline(Narrowing(known_before(known), f"known from {path}"), told)


def _known(made: Document) -> dict[tuple[str, str], Known]:
    """What counted there; what was waived counts again when its waiver ends."""
    severities = defaultdict[tuple[str, str], list[Severity]](list)
    for check in made.checks():
        for one in check.findings:
            if one.waiver is None:
                severities[check.id, one.fingerprint].append(Severity[one.severity.upper()])
    return {name: Known(len(every), max(every)) for name, every in severities.items()}


def _read(path: Path) -> Document:
    place = path / REPORT if path.is_dir() else path
    try:
        return load(place.read_bytes(), str(place))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{place}: cannot be read: {reason}", _ANEW) from error
