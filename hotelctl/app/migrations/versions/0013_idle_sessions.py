"""A session of the service that hangs in a transaction ends, so that no migration waits for it for ever."""

from hotelctl.app.migrations import recipe

revision = "0013_idle_sessions"
down_revision = "0012_unknown_cost"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New sessions of the run-time role have the limit; a limit that the role has already stays."""
    recipe.limit_idle_transactions("hotel_app")
    recipe.record(13, revision, min_code_serial=1)


def downgrade() -> None:
    """The limit stays with the role, as the role itself stays: other databases may use them."""
    recipe.forget(13)
