"""Logs can be read by their time across hotels without an index of the size of a log."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0011_log_ranges"
down_revision = "0010_hotel_plan"
branch_labels = None
depends_on = None

_LOGS = ("user_session_logs", "audit_events", "ai_interaction_logs")


def upgrade() -> None:
    """Each log has the ranges of its times; nobody who writes waits while they are made.

    One that was broken off leaves an index that is not valid, and the next try makes it anew.
    """
    with op.get_context().autocommit_block():
        for table in _LOGS:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {table}_times")
            op.execute(f"CREATE INDEX CONCURRENTLY {table}_times ON {table} USING brin (created_at)")
    recipe.record(11, revision, min_code_serial=1)


def downgrade() -> None:
    """Nothing of this revision is left."""
    for table in _LOGS:
        op.execute(f"DROP INDEX {table}_times")
    recipe.forget(11)
