"""Releases, deployments, their journals, and approvals."""

import sqlalchemy as sa
from alembic import op

from hotelctl.adapters.chronicle.tables import schema_of

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NEEDED = {
    "deployments": (
        ("service", "environment", "id"),
        ("operation", "outcome", "started_at", "failed_step", "failure", "header"),
    ),
    "records": (("service", "environment", "deployment"), ("line",)),
    "releases": (
        ("service", "environment", "id"),
        ("version", "commit", "artifact_sha256", "env_fingerprints", "built_at"),
    ),
    "approvals": (
        ("service", "environment", "report", "digest", "name"),
        ("commit", "role", "at", "signature"),
    ),
}


def _more(name: str) -> "tuple[sa.Column[float] | sa.Column[int] | sa.Column[str], ...]":
    """What is no text, or may be missing."""
    if name == "deployments":
        seconds = sa.Column("seconds", sa.Float, nullable=False)
        return (seconds, sa.Column("records", sa.BigInteger, nullable=False))
    if name == "records":
        return (sa.Column("seq", sa.BigInteger, primary_key=True),)
    return (sa.Column("migration_head", sa.Text),) if name == "releases" else ()


def upgrade() -> None:
    """Four tables, empty."""
    for name, (keys, texts) in _NEEDED.items():
        op.create_table(
            name,
            *(sa.Column(key, sa.Text, primary_key=True) for key in keys),
            *(sa.Column(text, sa.Text, nullable=False) for text in texts),
            *_more(name),
            schema=schema_of(op.get_bind()),
        )


def downgrade() -> None:
    """They are gone: all of it can be written again from journals and reports."""
    for name in _NEEDED:
        op.drop_table(name, schema=schema_of(op.get_bind()))
