"""What the database says of itself and of the role that asks."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.schema import EMPTY_SCHEMA, SchemaState

_HAS_SCHEMA = text("SELECT to_regclass('public.schema_compat') IS NOT NULL")
_SCHEMA = text(
    "SELECT serial, min_code_serial, alembic_revision FROM public.schema_compat ORDER BY serial DESC LIMIT 1"
)
# An owner, or a member of an owner, is not held by row-level security.
_ROLE = text(
    """
    SELECT r.rolname AS name, r.rolsuper AS superuser, r.rolbypassrls AS bypassrls,
           EXISTS (SELECT 1 FROM pg_class c
                    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
                      AND pg_has_role(r.oid, c.relowner, 'USAGE')) AS owns_tables
      FROM pg_roles r WHERE r.rolname = current_user
    """
)


@dataclass(frozen=True, slots=True)
class RuntimeRole:
    """The role the service runs as, and whether row-level security holds it."""

    name: str
    superuser: bool
    bypassrls: bool
    owns_tables: bool

    def faults(self) -> tuple[str, ...]:
        """Why the role may not serve; empty when tenants are safe with it."""
        flags = asdict(self)
        return tuple(flag for flag in ("superuser", "bypassrls", "owns_tables") if flags[flag])


async def schema_state(session: AsyncSession) -> SchemaState:
    """The newest applied revision; EMPTY_SCHEMA where none was applied."""
    if not await session.scalar(_HAS_SCHEMA):
        return EMPTY_SCHEMA
    row = (await session.execute(_SCHEMA)).one_or_none()
    return EMPTY_SCHEMA if row is None else SchemaState(row[0], row[1], row[2])


async def runtime_role(session: AsyncSession) -> RuntimeRole:
    """The role of this connection."""
    row = (await session.execute(_ROLE)).one()
    return RuntimeRole(*row)


async def server_version(session: AsyncSession) -> str:
    """Version of the server, such as 15.18."""
    return str(await session.scalar(text("SHOW server_version"))).split(" ", maxsplit=1)[0]


async def server_time(session: AsyncSession) -> datetime:
    """The server's clock."""
    now: datetime = (await session.execute(text("SELECT clock_timestamp()"))).scalar_one()
    return now
