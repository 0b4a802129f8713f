"""What all tables share: how types are stored, the tenant's key, references that cannot leave the hotel."""

from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.sql.schema import SchemaItem

NOW = text("now()")
LIVE = text("deleted_at IS NULL")
EMPTY_OBJECT = text("'{}'")
EMPTY_LIST = text("'[]'")
ZERO = text("0")

JsonObject = dict[str, Any]
JsonList = list[dict[str, Any]]


class Base(DeclarativeBase):
    """All tables of the service; text, aware time and JSON are what str, datetime and dict mean."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        str: Text(),
        datetime: TIMESTAMP(timezone=True),
        list[str]: ARRAY(Text()),
        JsonObject: JSONB(none_as_null=True),
        JsonList: JSONB(none_as_null=True),
    }


class Ref(NamedTuple):
    """A column that names a row of the same hotel; the row's end makes it NULL or takes its own row along."""

    column: str
    target: str
    cascade: bool = False
    indexed: bool = True

    def items(self, table: str) -> tuple[SchemaItem, ...]:
        """The composite foreign key and its index."""
        name = f"{table}_{self.column.removesuffix('_id')}"
        key = ForeignKeyConstraint(
            ["hotel_id", self.column],
            [f"{self.target}.hotel_id", f"{self.target}.id"],
            name=f"{name}_fkey",
            ondelete="CASCADE" if self.cascade else f"SET NULL ({self.column})",
        )
        present = text(f"{self.column} IS NOT NULL")
        index = Index(name, "hotel_id", self.column, postgresql_where=present)
        return (key, index) if self.indexed else (key,)


def hotel_reference() -> ForeignKey:
    """Rows go with their hotel."""
    return ForeignKey("hotels.id", ondelete="CASCADE")


class TenantRow(Base):
    """A row of one hotel, with a key that was made in the service."""

    __abstract__ = True
    refs: ClassVar[tuple[Ref, ...]] = ()
    more: ClassVar[tuple[SchemaItem, ...]] = ()

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hotel_id: Mapped[UUID] = mapped_column(hotel_reference())
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        """The key that others refer to, the references and the indexes."""
        table = cls.__tablename__
        own = UniqueConstraint("hotel_id", "id", name=f"{table}_hotel_id_id_key")
        return (own, *(item for ref in cls.refs for item in ref.items(table)), *cls.more)


class Touched:
    """A trigger moves updated_at with each change."""

    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)


class SoftDeleted:
    """Rows that are marked as deleted first; sessions do not find them unless asked `with_deleted`."""

    deleted_at: Mapped[datetime | None] = mapped_column()
