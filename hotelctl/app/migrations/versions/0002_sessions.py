"""Log-in sessions: one row for each refresh token, and the look-up by its hash."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0002_sessions"
down_revision = "0001_core"
branch_labels = None
depends_on = None

_SESSIONS = """
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  hotel_id uuid NOT NULL REFERENCES hotels ON DELETE CASCADE,
  user_id uuid NOT NULL,
  token_hash bytea NOT NULL CONSTRAINT sessions_token_hash_length CHECK (length(token_hash) = 32),
  family_id uuid NOT NULL,
  rotated_from uuid,
  expires_at timestamptz NOT NULL,
  absolute_expires_at timestamptz NOT NULL,
  ip inet,
  revoked_at timestamptz,
  revoke_reason text CONSTRAINT sessions_revoke_reason_known
    CHECK (revoke_reason IN ('rotated', 'logout', 'reuse', 'password_changed')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sessions_hotel_id_id_key UNIQUE (hotel_id, id),
  CONSTRAINT sessions_token_hash_key UNIQUE (token_hash),
  CONSTRAINT sessions_user_fkey FOREIGN KEY (hotel_id, user_id)
    REFERENCES users (hotel_id, id) ON DELETE CASCADE
)
"""
_SESSION_BY_HASH = """
CREATE FUNCTION auth_session(hash bytea) RETURNS TABLE (id uuid, hotel_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT s.id, s.hotel_id FROM public.sessions s WHERE s.token_hash = hash
$$
"""


def upgrade() -> None:
    """Sessions exist, isolated by hotel; a user of another hotel cannot be referenced."""
    op.execute(_SESSIONS)
    op.execute("CREATE INDEX sessions_family ON sessions (family_id)")
    op.execute("CREATE INDEX sessions_user_live ON sessions (hotel_id, user_id) WHERE revoked_at IS NULL")
    recipe.isolate("sessions")
    recipe.touch("sessions")
    recipe.open_to_definer("sessions")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO hotel_app")
    op.execute(_SESSION_BY_HASH)
    recipe.give_to_definer("auth_session(bytea)")
    recipe.record(2, revision, min_code_serial=1)


def downgrade() -> None:
    """Nothing of this revision is left; everybody has to log in again."""
    op.execute("DROP FUNCTION auth_session(bytea)")
    op.execute("DROP TABLE sessions")
    recipe.forget(2)
