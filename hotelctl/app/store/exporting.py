"""A hotel's rows as JSON lines, one file a table; secrets and their hashes stay where they are."""

import re
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection, insert, text

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.store import upkeep
from hotelctl.app.store.tables import AuditEvent

_SECRET = re.compile(r"_(hash|enc)$|^tsv$|^response$")
# What a mail says holds a link that lets in whoever opens it first.
_LEFT_OUT = {"outbox": {"subject", "body"}}
_COLUMNS = text(
    "SELECT quote_ident(attname) FROM pg_attribute"
    " WHERE attrelid = to_regclass(:name) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
)


def tables(connection: Connection) -> tuple[str, ...]:
    """Every table that an export has, the hotel itself first."""
    return ("hotels", *upkeep.tenant_tables(connection))


def lines(connection: Connection, table: str, hotel_id: UUID) -> Iterator[str]:
    """One JSON object a row, as PostgreSQL writes it, rows marked as deleted included."""
    found = connection.scalars(_COLUMNS, {"name": f"public.{table}"})
    left_out = _LEFT_OUT.get(table, frozenset[str]())
    columns = ", ".join(name for name in found if not _SECRET.search(name) and name not in left_out)
    of_hotel = "id" if table == "hotels" else "hotel_id"
    rows = f"SELECT {columns} FROM {table} WHERE {of_hotel} = :id ORDER BY 1"  # noqa: S608 - quoted names from the catalogue
    statement = text(f"SELECT row_to_json(t)::text FROM ({rows}) t")  # noqa: S608 - same
    streamed = statement.execution_options(yield_per=1000)
    yield from connection.scalars(streamed, {"id": hotel_id})


def note(connection: Connection, hotel_id: UUID, counts: dict[str, int]) -> None:
    """The trail says that the hotel's data was exported, and how much."""
    event = {"action": "hotel.export", "object_kind": "hotel", "object_id": hotel_id, "after": counts}
    connection.execute(insert(AuditEvent).values(id=uuid7(), hotel_id=hotel_id, actor_kind="system", **event))
