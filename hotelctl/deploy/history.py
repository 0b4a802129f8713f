"""Past and open operations of an environment, told by their journals alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hotelctl.core.chain import ChainBroken, decode
from hotelctl.core.errors import Frozen
from hotelctl.core.ports import Files
from hotelctl.deploy.journal import Progress, Record, fold
from hotelctl.deploy.layout import Layout

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


def past_operations(layout: Layout, files: Files) -> tuple[Past, ...]:
    """Every operation that wrote at least one record, oldest first.

    Raises:
        Frozen: a journal is damaged, so nobody can tell what was done; its operation and line are named.

    """
    found = sorted(files.glob(layout.state / "deploys", "*/journal.jsonl"))
    read = (_read(path.parent.name, files.read(path)) for path in found)
    return tuple(past for past in read if past.records)


def _read(operation_id: str, data: bytes) -> Past:
    try:
        records = tuple(_records(data))
    except ChainBroken as error:
        raise Frozen(f"the journal of {operation_id} is damaged: {error}", _DECIDE) from error
    except (KeyError, ValueError) as error:
        raise Frozen(
            f"the journal of {operation_id} holds what this hotelctl does not know: {error}", _DECIDE
        ) from error
    return Past(operation_id, records, fold(records))


def _records(data: bytes) -> Iterator[Record]:
    return (Record.from_json(raw) for raw in decode(data).records)


def unfinished(layout: Layout, files: Files) -> Past | None:
    """The newest operation without an outcome; an older one cannot be open beside it."""
    found = [past for past in past_operations(layout, files) if past.progress.outcome is None]
    return found[-1] if found else None
