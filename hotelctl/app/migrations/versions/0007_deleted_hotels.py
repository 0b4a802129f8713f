"""Hotels that were marked as deleted are removed for good when their time has come."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0007_deleted_hotels"
down_revision = "0006_post"
branch_labels = None
depends_on = None

# The policy says it, too: whatever else is made to run as hotel_auth cannot remove a hotel before that.
_OVER = "deleted_at < now() - interval '30 days' AND NOT is_synthetic"
_END = f"""
CREATE FUNCTION end_deleted_hotels() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH ended AS (DELETE FROM public.hotels WHERE {_OVER} RETURNING 1) SELECT count(*) FROM ended
$$
"""  # noqa: S608 - the condition above
_SIGNATURE = "end_deleted_hotels()"


def upgrade() -> None:
    """The service can end a hotel, which it does not see, with all rows that belong to it."""
    op.execute("GRANT DELETE ON hotels TO hotel_auth")
    op.execute(f"CREATE POLICY definer_end ON hotels FOR DELETE TO hotel_auth USING ({_OVER})")
    op.execute(_END)
    recipe.give_to_definer(_SIGNATURE)
    recipe.record(7, revision, min_code_serial=1)


def downgrade() -> None:
    """Nothing of this revision is left; deleted hotels stay."""
    op.execute(f"DROP FUNCTION {_SIGNATURE}")
    op.execute("DROP POLICY definer_end ON hotels")
    op.execute("REVOKE DELETE ON hotels FROM hotel_auth")
    recipe.forget(7)
