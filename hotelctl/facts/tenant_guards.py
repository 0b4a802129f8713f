"""What keeps the rows of one tenant from the others, as the database tells of a migrated schema."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowPolicy:
    """A permissive policy that holds for the run-time role; an expression is empty where it has none."""

    name: str
    using: str
    with_check: str


@dataclass(frozen=True, slots=True)
class TenantTable:
    """A table with a tenant's column; `active` is whether row security binds the run-time role there."""

    name: str
    column: str
    active: bool
    policies: tuple[RowPolicy, ...] = ()


@dataclass(frozen=True, slots=True)
class TenantGuards:
    """All tables with one of the tenant columns, as `role` meets them; `doubt` is why they are not known."""

    database: str
    role: str
    tables: tuple[TenantTable, ...] = ()
    doubt: str = ""
