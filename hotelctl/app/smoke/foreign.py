"""What other hotels have, as the owner reads it: ids, what their codes are known by, what tells of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from hotelctl.app.store.upkeep import tenant_tables

_MOST = 2
_HAS_ID = text(
    "SELECT count(*) FROM pg_attribute WHERE attrelid = CAST(:t AS regclass)"
    " AND attname = 'id' AND atttypid = 'uuid'::regtype"
)
# Of a code the token itself is kept nowhere; whoever has read the database must not come in with the rest.
_CODE = text(
    "SELECT prefix, encode(token_hash, 'hex'), translate(encode(token_hash, 'base64'), '+/=', '-_'),"
    " room_label FROM guest_staff_qr_tokens WHERE hotel_id <> :own ORDER BY id DESC LIMIT 1"
)
_LINK = text(
    "SELECT encode(token_hash, 'hex'), translate(encode(token_hash, 'base64'), '+/=', '-_')"
    " FROM verification_tokens WHERE hotel_id <> :own ORDER BY id DESC LIMIT 1"
)
_HOTELS = text(
    "SELECT id, entry_code FROM hotels WHERE id <> :own AND deleted_at IS NULL ORDER BY id DESC LIMIT :most"
)
# The hotel's own address stands at its entrance for everybody.
_ADDRESSES = text(
    "SELECT email FROM users u WHERE hotel_id <> :own AND deleted_at IS NULL AND NOT EXISTS ("
    "SELECT 1 FROM hotels h WHERE h.id = u.hotel_id AND h.email = u.email AND h.deleted_at IS NULL)"
    " ORDER BY id DESC LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Of the newest rows, as these are the most alive."""

    ids: Mapping[str, Sequence[UUID]]
    """By table."""
    words: Sequence[str]
    """What stands in addresses that are not about an id: codes, their hashes, rooms."""
    room: str | None
    marks: Mapping[str, str]
    """Text that no answer to this hotel may hold, and what it is."""


def read_foreign(connection: Connection, own: UUID) -> Foreign:
    """What hotels other than that one have."""
    asked = {"own": own, "most": _MOST}
    ids = {table: _ids(connection, table, own) for table in tenant_tables(connection)}
    code, link = connection.execute(_CODE, asked).first(), connection.execute(_LINK, asked).first()
    hotels = connection.execute(_HOTELS, asked).all()
    marks = {str(one): f"a row of {table}" for table, found in ids.items() for one in found}
    marks |= {str(hotel_id): "the id" for hotel_id, _ in hotels}
    marks |= dict.fromkeys(connection.scalars(_ADDRESSES, asked), "the address of a user")
    return Foreign(
        ids,
        [word for word in (*(code or ()), *(link or ()), *(entry for _, entry in hotels)) if word],
        code[-1] if code else None,
        marks,
    )


def _ids(connection: Connection, table: str, own: UUID) -> Sequence[UUID]:
    if not connection.scalar(_HAS_ID, {"t": f"public.{table}"}):
        return ()
    statement = text(f"SELECT id FROM {table} WHERE hotel_id <> :own ORDER BY id DESC LIMIT {_MOST}")  # noqa: S608 - a quoted name from the catalogue
    return tuple(connection.scalars(statement, {"own": own}))
