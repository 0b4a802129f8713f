"""The tables of the shared history, as its newest revision has them.

Times are texts in ISO form and bodies are JSON, both as journals and reports have them.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, Float, MetaData, Table, Text

HEAD = "0001"
SCHEMA = "hotelctl"


@dataclass(frozen=True, slots=True)
class Tables:
    """Every row names service and environment first: one database serves many."""

    deployments: Table
    records: Table
    releases: Table
    approvals: Table

    def all(self) -> tuple[Table, ...]:
        """Each of them."""
        return self.deployments, self.records, self.releases, self.approvals


def schema_of(connection: Connection) -> str | None:
    """Where the tables lie: a schema of their own, but for SQLite, which has none."""
    return None if connection.dialect.name == "sqlite" else SCHEMA


def tables(connection: Connection) -> Tables:
    """The tables as the database of `connection` names them."""
    metadata = MetaData(schema=schema_of(connection))

    def made(name: str, keys: tuple[str, ...], *more: "Column[str] | Column[int] | Column[float]") -> Table:
        of = (Column(key, Text, primary_key=True) for key in ("service", "environment", *keys))
        return Table(name, metadata, *of, *more)

    def text(name: str) -> "Column[str]":
        return Column(name, Text, nullable=False)

    return Tables(
        made(
            "deployments",
            ("id",),
            *map(text, ("operation", "outcome", "started_at", "failed_step", "failure", "header")),
            Column("seconds", Float, nullable=False),
            Column("records", BigInteger, nullable=False),
        ),
        made("records", ("deployment",), Column("seq", BigInteger, primary_key=True), text("line")),
        made(
            "releases",
            ("id",),
            *map(text, ("version", "commit", "artifact_sha256", "env_fingerprints", "built_at")),
            Column("migration_head", Text),
        ),
        made("approvals", ("report", "digest", "name"), *map(text, ("commit", "role", "at", "signature"))),
    )
