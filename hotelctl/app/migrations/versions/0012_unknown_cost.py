"""A call whose price nobody knows has no cost, which is not a cost of nothing; sums tell of such calls."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0012_unknown_cost"
down_revision = "0011_log_ranges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Earlier code goes on writing a cost of 0, and its sums pass over what has none."""
    op.execute("ALTER TABLE ai_interaction_logs ALTER COLUMN cost_microusd DROP NOT NULL")
    op.execute("ALTER TABLE ai_analytics_summaries ADD COLUMN ai_unpriced integer NOT NULL DEFAULT 0")
    recipe.record(12, revision, min_code_serial=1)


def downgrade() -> None:
    """Nothing of this revision is left; what has no cost is noted as 0, as it was before."""
    op.execute("ALTER TABLE ai_analytics_summaries DROP COLUMN ai_unpriced")
    op.execute("ALTER TABLE ai_interaction_logs DISABLE TRIGGER append_only")
    op.execute("UPDATE ai_interaction_logs SET cost_microusd = 0 WHERE cost_microusd IS NULL")
    op.execute("ALTER TABLE ai_interaction_logs ENABLE TRIGGER append_only")
    op.execute("ALTER TABLE ai_interaction_logs ALTER COLUMN cost_microusd SET NOT NULL")
    recipe.forget(12)
