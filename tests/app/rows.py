"""A row in every tenant table, made from the tables themselves, so that a new table is filled too."""

import itertools
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import Column, Table

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.store.tables import Base

Row = dict[str, Any]
# Where the database takes certain words only.
_WORDS = {
    "users.role": "staff",
    "guest_staff_qr_tokens.purpose": "guest_access",
    "verification_tokens.purpose": "invite",
    "user_session_logs.event": "login_ok",
    "audit_events.actor_kind": "user",
    "audit_events.action": "ticket.create",
    "conversations.channel": "guest_web",
    "messages.role": "guest",
    "tickets.source": "MANUAL",
    "ticket_comments.author_kind": "user",
    "work_orders.kind": "maintenance",
    "pms_work_order_history.source": "manual",
    "workflow_executions.workflow": "message",
    "ai_interaction_logs.provider": "local",
    "ai_interaction_logs.status": "success",
    "ai_analytics_summaries.period": "day",
    "outbox.kind": "invitation",
    "outbox.status": "failed",
}
_MADE_UP: dict[type, Callable[[], object]] = {
    UUID: uuid7,
    str: lambda: secrets.token_hex(3),
    int: itertools.count(1).__next__,
    bytes: lambda: secrets.token_bytes(32),
    datetime: lambda: datetime.now(UTC) + timedelta(hours=1),
    # SQLAlchemy up to 2.0 says of JSON that it is a dict.
    object: lambda: '{"a": 1}',
    dict: lambda: '{"a": 1}',
}


def tenant_tables() -> list[Table]:
    """Every table with a hotel_id, those that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if "hotel_id" in table.columns]


def references(table: Table) -> Iterator[tuple[str, str]]:
    """Each column that names a row of the same hotel, and the table of that row."""
    for key in table.foreign_key_constraints:
        for column in key.column_keys:
            if column != "hotel_id":
                yield column, key.referred_table.name


def _value(column: Column[Any]) -> Any:  # noqa: ANN401 - any column's
    word = _WORDS.get(f"{column.table.name}.{column.name}")
    kind = column.type.python_type
    return word if word is not None else _MADE_UP[kind]()


def make_row(table: Table, hotel_id: UUID, known: dict[str, UUID]) -> Row:
    """Values for a row of the hotel that refers to its known rows wherever it can."""
    referring = dict(references(table))
    row: Row = {}
    for column in table.columns:
        if column.name == "hotel_id":
            row["hotel_id"] = hotel_id
        elif column.name in referring:
            row[column.name] = known.get(referring[column.name])
        elif not column.nullable and column.server_default is None and column.computed is None:
            row[column.name] = _value(column)
    return row


def insert(connection: psycopg.Connection, table: str, row: Row) -> None:
    """The row is in the table."""
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() * len(row)),
    )
    connection.execute(statement, list(row.values()))


def fill(connection: psycopg.Connection, hotel_id: UUID) -> dict[str, UUID]:
    """The hotel has a new row in every tenant table; their ids by table."""
    known: dict[str, UUID] = {}
    for table in tenant_tables():
        row = make_row(table, hotel_id, known)
        insert(connection, table.name, row)
        if "id" in row:
            known[table.name] = row["id"]
    return known
