"""What a restore would lose: the rows that are in a database now and not in the backup."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hotelctl.core.dumped import TableCount
from hotelctl.core.exchange import Exchange, TableLoss
from hotelctl.core.ports import Databases
from hotelctl.core.units import size
from hotelctl.deploy.backup import Backup
from hotelctl.render.facts import Rows

_TITLES = {"name": "table", "then": "then", "now": "now", "lost": "lost", "back": "come back"}


@dataclass(frozen=True, slots=True)
class Loss:
    """`tables` are those that differ, `counts` what all of them hold now.

    `wal_bytes` is how much the server's log grew since the backup, None where nobody knows.
    """

    tables: tuple[TableLoss, ...]
    counts: Mapping[str, TableCount]
    wal_bytes: int | None

    @property
    def lost(self) -> int:
        """The rows that are there now only, new or changed since the backup."""
        return sum(one.lost for one in self.tables)

    def rows_of(self, made: Backup) -> Rows:
        """A line a table that differs, and the log."""
        lines = [*self.tables, self._total()]
        grown = "not known" if self.wal_bytes is None else size(self.wal_bytes)
        return Rows(
            [{_TITLES[name]: value for name, value in asdict(line).items()} for line in lines],
            {"backup": made.id, "loss": self.details()},
            (f"the server's log grew since the backup: {grown}",),
        )

    def details(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "rows": self.lost,
            "wal_bytes": self.wal_bytes,
            "tables": [asdict(one) for one in self.tables],
        }

    def _total(self) -> TableLoss:
        sums = (sum(getattr(one, name) for one in self.tables) for name in ("then", "now", "lost", "back"))
        return TableLoss("all of these", *sums)


def measured(
    databases: Databases, exchange: Exchange, made: Backup, urls: tuple[str, str], wal_bytes: int | None
) -> Loss:
    """What of the first database is not in the second, which holds the backup `made`."""
    url, copy = urls
    counts, nothing = databases.counts(url, checksum=made.checksum), TableCount(0, "")
    differing = {
        name: (made.tables.get(name, nothing).rows, counts.get(name, nothing).rows)
        for name in sorted({*counts, *made.tables})
        if counts.get(name) != made.tables.get(name)
    }
    return Loss(exchange.differences(url, copy, differing), counts, wal_bytes)
