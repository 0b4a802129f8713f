"""`--baseline` and `--since`: findings that are not of this change do not count; the others do."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hotelctl.core.errors import UsageError
from hotelctl.core.finding import Severity
from hotelctl.core.narrowing import Known, Narrowing, known_before, of_before
from hotelctl.core.ports import Files
from hotelctl.core.references import Change
from hotelctl.render.document import Document
from hotelctl.render.json import digest
from hotelctl.render.load import load
from hotelctl.render.verify import REPORT
from hotelctl.render.words import plural

_ANEW = "name the report.json of a whole hotelctl validate of this service"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which findings count, and under the name of the flag what the report says of it.

    `change` is what they count by, where it is one.
    """

    narrowing: Narrowing
    told: Mapping[str, str]
    change: Change | None = None


def since(ref: str, change: Change) -> Narrowed:
    """What is left out stands in files or commits that are not of `change`, which parted from `ref`."""
    parted, number = change.base[:12], plural(len(change.touched), "file")
    told = f"{ref} (parted at {parted}): {number} changed, findings in other files and commits left out"
    leaves = of_before(change.untouched, change.commits)
    return Narrowed(Narrowing(leaves, f"not of the change since {ref}"), {"since": told}, change)


def baseline(path: Path, service: str, files: Files) -> Narrowed:
    """What is known from the report at `path`, a `report.json` or the directory of one.

    Raises:
        UsageError: it cannot be read, was changed since, is about another service or another command, or is
            limited itself.

    """
    made = _read(path, files)
    if made.digest != digest(made):
        raise UsageError(f"{path}: its contents do not give the digest that it names", _ANEW)
    if made.kind != "validate":
        raise UsageError(f"{path}: is the report of a {made.kind}, not of a validate", _ANEW)
    if made.service.name != service:
        raise UsageError(f"{path}: is about {made.service.name}, not about {service}", _ANEW)
    for flag in ("baseline", "since", "staged"):
        if flag in made.facts:
            raise UsageError(f"{path}: leaves out findings itself: --{flag} {made.facts[flag]}", _ANEW)
    known = _known(made)
    about = f"commit {made.git.commit[:12] or 'none'}, {made.finished_at[:10]}"
    number = plural(sum(one.number for one in known.values()), "finding")
    told = f"{path} ({about}): {number} known, new ones count"
    return Narrowed(Narrowing(known_before(known), f"known from {path}"), {"baseline": told})


def _known(made: Document) -> dict[tuple[str, str], Known]:
    """What counted there; what was waived counts again when its waiver ends."""
    severities = defaultdict[tuple[str, str], list[Severity]](list)
    for check in made.checks():
        for one in check.findings:
            if one.waiver is None:
                severities[check.id, one.fingerprint].append(Severity[one.severity.upper()])
    return {name: Known(len(every), max(every)) for name, every in severities.items()}


def _read(path: Path, files: Files) -> Document:
    place = path / REPORT if path.is_dir() else path
    try:
        return load(files.read(place.absolute()), str(place))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{place}: cannot be read: {reason}", _ANEW) from error
