"""A hotel's name, plan and limit of answers are changed by its own people."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0010_hotel_plan"
down_revision = "0009_room_notes"
branch_labels = None
depends_on = None

_COLUMNS = "name, plan, ai_monthly_limit"


def upgrade() -> None:
    """The run-time role may change these of the transaction's hotel, too."""
    op.execute(f"GRANT UPDATE ({_COLUMNS}) ON hotels TO hotel_app")
    recipe.record(10, revision, min_code_serial=1)


def downgrade() -> None:
    """Nothing of this revision is left; what was changed stays."""
    op.execute(f"REVOKE UPDATE ({_COLUMNS}) ON hotels FROM hotel_app")
    recipe.forget(10)
