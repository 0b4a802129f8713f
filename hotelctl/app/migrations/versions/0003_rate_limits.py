"""Fixed-window limits that all instances share."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0003_rate_limits"
down_revision = "0002_sessions"
branch_labels = None
depends_on = None

# Unlogged: a lost window after a crash is harmless, and each log-in writes here.
_RATE_LIMITS = """
CREATE UNLOGGED TABLE rate_limits (
  bucket text NOT NULL,
  key text NOT NULL,
  window_start timestamptz NOT NULL,
  hits integer NOT NULL,
  PRIMARY KEY (bucket, key)
)
"""


def upgrade() -> None:
    """The run-time role can count attempts."""
    op.execute(_RATE_LIMITS)
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO hotel_app")
    recipe.record(3, revision, min_code_serial=1)


def downgrade() -> None:
    """Nothing of this revision is left."""
    op.execute("DROP TABLE rate_limits")
    recipe.forget(3)
