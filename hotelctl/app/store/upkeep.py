"""The owner's rare statements: hotels and users made by hand, and the synthetic hotel's sweep."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, insert, select, text

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, uuid7
from hotelctl.app.domain.permissions import Role
from hotelctl.app.store.tables import Hotel, User

# From the catalogue, so that a table of a later revision is swept and counted without being named here.
_TENANT_TABLES = text(
    """
    SELECT quote_ident(c.relname) FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'hotel_id' AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1
    """
)
_PURGE = text("SELECT purge_synthetic(:hotel)")
_OLD_CODES = text("DELETE FROM guest_staff_qr_tokens WHERE expires_at < now() - interval '90 days'")
_LEFTOVER = text("DELETE FROM users WHERE hotel_id = :hotel AND created_at < now() - interval '10 minutes'")


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be made."""

    hotel_id: UUID
    email: str
    display_name: str
    role: Role
    password_hash: str
    must_change_password: bool


def tenant_tables(connection: Connection) -> tuple[str, ...]:
    """Every table that holds rows of a hotel, quoted for use in a statement."""
    return tuple(connection.scalars(_TENANT_TABLES))


def add_hotel(connection: Connection, *, name: str, slug: str) -> UUID:
    """The id of the new hotel."""
    hotel_id = uuid7()
    connection.execute(insert(Hotel).values(id=hotel_id, name=name, slug=slug))
    return hotel_id


def hotel_by_slug(connection: Connection, slug: str) -> UUID | None:
    """The id of the live hotel of this slug."""
    return connection.scalar(select(Hotel.id).where(Hotel.slug == slug, Hotel.deleted_at.is_(None)))


def add_user(connection: Connection, user: NewUser) -> UUID:
    """The id of the new user."""
    user_id = uuid7()
    values = {name: getattr(user, name) for name in NewUser.__slots__}
    connection.execute(insert(User).values(id=user_id, **values))
    return user_id


def sweep_leftovers(connection: Connection) -> int:
    """Synthetic users older than ten minutes, left by interrupted runs, are gone; how many there were."""
    return connection.execute(_LEFTOVER, {"hotel": SYNTHETIC_HOTEL_ID}).rowcount


def sweep_codes(connection: Connection) -> int:
    """Codes that ran out 90 days ago are gone, in every hotel; how many there were."""
    return connection.execute(_OLD_CODES).rowcount


def purge_synthetic(connection: Connection) -> int:
    """No table holds a row of the synthetic hotel; how many rows there were."""
    return int(connection.scalar(_PURGE, {"hotel": SYNTHETIC_HOTEL_ID}) or 0)


def synthetic_rows(connection: Connection) -> dict[str, int]:
    """Rows of the synthetic hotel by table, where there are any."""
    counts = {}
    for table in tenant_tables(connection):
        statement = text(f"SELECT count(*) FROM {table} WHERE hotel_id = :hotel")  # noqa: S608 - a quoted name from the catalogue
        counts[table] = int(connection.scalar(statement, {"hotel": SYNTHETIC_HOTEL_ID}) or 0)
    return {table: count for table, count in counts.items() if count}
