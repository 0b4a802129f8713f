"""The owner's rare statements: hotels and users made by hand, and the synthetic hotels' making and sweep."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, exists, func, insert, or_, select, text
from sqlalchemy.dialects import postgresql

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
_OLD_CODES = text("DELETE FROM guest_staff_qr_tokens WHERE expires_at < now() - interval '90 days'")
_TEN_MINUTES_AGO = func.now() - text("interval '10 minutes'")
_TWELVE_HOURS_AGO = func.now() - text("interval '12 hours'")
_STAYS = "stays_for_a_check"
_END_HOTEL = text("DELETE FROM hotels WHERE id = :hotel AND id <> :kept AND is_synthetic")


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be made."""

    hotel_id: UUID
    email: str
    display_name: str
    role: Role
    password_hash: str | None
    must_change_password: bool = False


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


def awaited_user(connection: Connection, hotel_id: UUID, email: str, role: Role) -> UUID | None:
    """The id of the hotel's user of this address and role who never set a password."""
    statement = select(User.id).where(
        User.hotel_id == hotel_id,
        User.email == email,
        User.role == role,
        User.password_hash.is_(None),
        User.suspended_at.is_(None),
        User.deleted_at.is_(None),
    )
    return connection.scalar(statement)


def add_synthetic_hotel(connection: Connection, hotel_id: UUID, *, stays: bool = False) -> None:
    """The hotel that a run of probes has for itself is there; again, nothing changes.

    One that `stays` is left for a later run, for as long as the log-ins in it are good.
    """
    slug = f"__synthetic_{hotel_id.hex[-12:]}__"
    values = {"id": hotel_id, "name": "Synthetic hotel", "slug": slug, "is_synthetic": True}
    values["settings"] = {_STAYS: True} if stays else {}
    connection.execute(postgresql.insert(Hotel).values(values).on_conflict_do_nothing())


def expired_runs(connection: Connection, *, but: UUID | None = None) -> tuple[UUID, ...]:
    """The synthetic hotels of runs that began ten minutes ago, locked, but those that somebody else ends.

    One that stays for a later run is over after twelve hours. `but` is the hotel of a run that goes on,
    however long ago it began.
    """
    # Whoever is at work in one made its people when the work began.
    at_work = exists().where(User.hotel_id == Hotel.id, User.created_at >= _TEN_MINUTES_AGO)
    over = or_(~Hotel.settings.contains({_STAYS: True}), Hotel.created_at < _TWELVE_HOURS_AGO)
    chosen = select(Hotel.id).where(Hotel.is_synthetic, Hotel.created_at < _TEN_MINUTES_AGO, over, ~at_work)
    if but is not None:
        chosen = chosen.where(Hotel.id != but)
    return tuple(connection.scalars(chosen.order_by(Hotel.id).with_for_update(of=Hotel, skip_locked=True)))


def sweep_codes(connection: Connection) -> int:
    """Codes that ran out 90 days ago are gone, in every hotel; how many there were."""
    return connection.execute(_OLD_CODES).rowcount


def end_synthetic(connection: Connection, hotel_id: UUID) -> int:
    """The synthetic hotel is gone with all its rows, the first one's rows alone; how many rows there were."""
    removed = connection.scalar(select(func.purge_synthetic(Hotel.id)).where(Hotel.id == hotel_id))
    connection.execute(_END_HOTEL, {"hotel": hotel_id, "kept": SYNTHETIC_HOTEL_ID})
    return int(removed or 0)


def rows_of(connection: Connection, hotel_id: UUID) -> dict[str, int]:
    """Rows of the hotel by table, where there are any."""
    counts = {}
    for table in tenant_tables(connection):
        statement = text(f"SELECT count(*) FROM {table} WHERE hotel_id = :hotel")  # noqa: S608 - a quoted name from the catalogue
        counts[table] = int(connection.scalar(statement, {"hotel": hotel_id}) or 0)
    return {table: count for table, count in counts.items() if count}
