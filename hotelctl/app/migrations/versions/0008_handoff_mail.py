"""A hotel is told by mail when somebody needs a person."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0008_handoff_mail"
down_revision = "0007_deleted_hotels"
branch_labels = None
depends_on = None

_BEFORE = ("invitation", "password_reset")
_ADDED = ("handoff", "emergency")


def _only(*kinds: str) -> None:
    known = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(
        "ALTER TABLE outbox DROP CONSTRAINT outbox_kind_known,"
        f" ADD CONSTRAINT outbox_kind_known CHECK (kind IN ({known}))"
    )


def upgrade() -> None:
    """The outbox takes the new kinds, and such a mail goes with the conversation that it is about."""
    _only(*_BEFORE, *_ADDED)
    op.execute("ALTER TABLE outbox ADD COLUMN conversation_id uuid")
    recipe.refer("outbox", "conversation_id", "conversations", cascade=True)
    recipe.record(8, revision, min_code_serial=1)


def downgrade() -> None:
    """Nothing of this revision is left; mails of the new kinds are gone, also those that waited."""
    op.execute(f"DELETE FROM outbox WHERE kind IN {_ADDED}")  # noqa: S608 - the words above
    op.execute("ALTER TABLE outbox DROP COLUMN conversation_id")
    _only(*_BEFORE)
    recipe.forget(8)
