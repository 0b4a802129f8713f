"""Past and open operations of an environment, told by their journals alone."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from hotelctl.core.chain import ChainBroken, decode
from hotelctl.core.errors import Frozen
from hotelctl.core.ports import Files
from hotelctl.deploy.journal import Outcome, Progress, Record, fold
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.naming import is_operation

# One command asks several times, and what is over stays as it is.
_told_before: dict[str, tuple[bytes, "Past | Damaged"]] = {}
_DECIDE = "look at .hotelctl; nothing is done before a person decided"


@dataclass(frozen=True, slots=True)
class Past:
    """One operation: its id, its records and where they lead."""

    id: str
    records: tuple[Record, ...]
    progress: Progress

    @property
    def operation(self) -> str:
        """`deploy` or `rollback`."""
        return str(self.progress.header.get("operation", "deploy"))

    @property
    def started_at(self) -> str:
        """The first record's time, aware UTC in ISO form."""
        return self.records[0].ts_utc

    @property
    def seconds(self) -> float:
        """From the first record to the last."""
        ends = (datetime.fromisoformat(r.ts_utc) for r in (self.records[0], self.records[-1]))
        first, last = ends
        return (last - first).total_seconds()


@dataclass(frozen=True, slots=True)
class Damaged:
    """A journal that cannot be read whole: `why` names it and the line, `records` stand before that line."""

    id: str
    why: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What all journals tell, each part oldest first."""

    pasts: tuple[Past, ...]
    damaged: tuple[Damaged, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Of all of them."""
        return frozenset([*(one.id for one in self.pasts), *(one.id for one in self.damaged)])

    def needed(self) -> Damaged | None:
        """The newest damaged one that no later switch has made history of: what was done is unknown then."""
        switched = [p.id for p in self.pasts if p.progress.outcome is Outcome.SUCCEEDED and _switched(p)]
        newest = max(switched, default="")
        return next((one for one in reversed(self.damaged) if one.id > newest), None)


def _switched(past: Past) -> bool:
    return "switch" in past.progress.done


def told_operations(layout: Layout, files: Files) -> Told:
    """Every operation that wrote at least one record, and the damaged ones: for those who only look.

    What lies beside them and is none, a copy that somebody put aside or other data, does not count.
    """
    found = sorted(files.glob(layout.state / "deploys", "*/journal.jsonl"))
    read = [one for path in found if _is_own(one := operation_of(path.parent.name, files.read(path)))]
    pasts = tuple(one for one in read if isinstance(one, Past) and one.records)
    return Told(pasts, tuple(one for one in read if isinstance(one, Damaged)))


def _is_own(one: Past | Damaged) -> bool:
    """Whether the header names the directory; where it names none, whether an operation is called so."""
    header = next((record.data for record in one.records[:1] if not record.step), {})
    named = header.get("id")
    return named == one.id if named else isinstance(one, Past) or is_operation(one.id)


def past_operations(layout: Layout, files: Files) -> tuple[Past, ...]:
    """Every operation that can be read, oldest first, for those who decide by them.

    Raises:
        Frozen: a journal is damaged that nobody can do without; its operation and line are named.

    """
    told = told_operations(layout, files)
    needed = told.needed()
    if needed is not None:
        raise Frozen(needed.why, _DECIDE)
    return told.pasts


def operation_of(operation_id: str, data: bytes) -> Past | Damaged:
    """The operation whose journal's file holds `data`; the same bytes are taken apart once."""
    mark = hashlib.sha256(data).digest()
    known = _told_before.get(operation_id)
    if known is None or known[0] != mark:
        known = _told_before[operation_id] = mark, _taken_apart(operation_id, data)
    return known[1]


def _taken_apart(operation_id: str, data: bytes) -> Past | Damaged:
    why, records = "", list[Record]()
    try:
        raws = decode(data).records
    except ChainBroken as error:
        why = f"the journal of {operation_id} is damaged: {error}"
        raws = decode(b"".join(line + b"\n" for line in data.split(b"\n")[: error.line - 1])).records
    for raw in raws:
        try:
            records.append(Record.from_json(raw))
        except (KeyError, ValueError) as error:
            unknown = f"the journal of {operation_id} holds what this hotelctl does not know: "
            why = why or f"{unknown}line {raw['seq']}: {error}"
            break
    if why:
        return Damaged(operation_id, why, tuple(records))
    return Past(operation_id, tuple(records), fold(records))


def unfinished(layout: Layout, files: Files) -> Past | None:
    """The newest operation without an outcome, by the journals that can be read; it decides nothing."""
    found = [past for past in told_operations(layout, files).pasts if past.progress.outcome is None]
    return found[-1] if found else None
