"""Staff keeps notes on rooms."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0009_room_notes"
down_revision = "0008_handoff_mail"
branch_labels = None
depends_on = None

_ROOM_NOTES = """
  room_label text NOT NULL
    CONSTRAINT room_notes_room_label_length CHECK (length(room_label) BETWEEN 1 AND 40),
  body text NOT NULL CONSTRAINT room_notes_body_length CHECK (length(body) BETWEEN 1 AND 1000),
  author_user_id uuid,
  deleted_at timestamptz
"""


def upgrade() -> None:
    """What one member of staff knows of a room, the next one can read."""
    recipe.live_table("room_notes", _ROOM_NOTES)
    recipe.refer("room_notes", "author_user_id", "users")
    op.execute("CREATE INDEX room_notes_room ON room_notes (hotel_id, room_label) WHERE deleted_at IS NULL")
    recipe.record(9, revision, min_code_serial=1)


def downgrade() -> None:
    """Nothing of this revision is left; what was noted is gone."""
    op.execute("DROP TABLE room_notes")
    recipe.forget(9)
