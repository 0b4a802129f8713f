"""Mail that waits to be sent, and what Stripe has told."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0006_post"
down_revision = "0005_operations"
branch_labels = None
depends_on = None

# The text holds a link that is good once: it goes with the sending, only the fact stays.
_OUTBOX = """
  kind text NOT NULL CONSTRAINT outbox_kind_known CHECK (kind IN ('invitation', 'password_reset')),
  recipient text NOT NULL CONSTRAINT outbox_recipient_length CHECK (length(recipient) BETWEEN 3 AND 254),
  subject text CONSTRAINT outbox_subject_length CHECK (length(subject) BETWEEN 1 AND 200),
  body text CONSTRAINT outbox_body_length CHECK (length(body) BETWEEN 1 AND 8000),
  status text NOT NULL CONSTRAINT outbox_status_known
    CHECK (status IN ('pending', 'sent', 'failed', 'suppressed')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  last_error text CONSTRAINT outbox_last_error_length CHECK (length(last_error) <= 60),
  sent_at timestamptz,
  CONSTRAINT outbox_text CHECK ((status = 'pending') = (subject IS NOT NULL AND body IS NOT NULL))
"""
_STRIPE_EVENTS = """
CREATE TABLE stripe_events (
  id text PRIMARY KEY CONSTRAINT stripe_events_id_length CHECK (length(id) BETWEEN 1 AND 255),
  type text NOT NULL CONSTRAINT stripe_events_type_length CHECK (length(type) BETWEEN 1 AND 255),
  livemode boolean NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now()
)
"""
_DUE = """
CREATE FUNCTION outbox_due() RETURNS TABLE (hotel_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT DISTINCT o.hotel_id FROM public.outbox o JOIN public.hotels h ON h.id = o.hotel_id
   WHERE o.status = 'pending' AND o.next_attempt_at <= now()
     AND h.deleted_at IS NULL AND h.suspended_at IS NULL
$$
"""
_PENDING = """
CREATE FUNCTION outbox_pending() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT count(*) FROM public.outbox o WHERE o.status = 'pending'
$$
"""
_FUNCTIONS = {"outbox_due()": _DUE, "outbox_pending()": _PENDING}


def upgrade() -> None:
    """Mail outlives a crash, and an event of Stripe that comes again is known."""
    recipe.live_table("outbox", _OUTBOX)
    op.execute("CREATE INDEX outbox_next ON outbox (next_attempt_at) WHERE status = 'pending'")
    recipe.open_to_definer("outbox")
    for signature, statement in _FUNCTIONS.items():
        op.execute(statement)
        recipe.give_to_definer(signature)
    op.execute(_STRIPE_EVENTS)
    op.execute("CREATE INDEX stripe_events_received ON stripe_events (received_at)")
    op.execute("GRANT SELECT, INSERT, DELETE ON stripe_events TO hotel_app")
    recipe.record(6, revision, min_code_serial=1)


def downgrade() -> None:
    """Nothing of this revision is left; mail that waited is not sent."""
    for signature in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("DROP TABLE stripe_events")
    op.execute("DROP TABLE outbox")
    recipe.forget(6)
