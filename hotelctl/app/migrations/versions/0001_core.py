"""Hotels, users, the run-time roles and the log-in look-up."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0001_core"
down_revision = None
branch_labels = None
depends_on = None

_SCHEMA_COMPAT = """
CREATE TABLE schema_compat (
  serial integer PRIMARY KEY,
  alembic_revision text NOT NULL,
  min_code_serial integer NOT NULL,
  app_version text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)
"""
_TOUCH = """
CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN NEW.updated_at := now(); RETURN NEW; END $$
"""
_HOTELS = """
CREATE TABLE hotels (
  id uuid PRIMARY KEY,
  name text NOT NULL CONSTRAINT hotels_name_length CHECK (length(name) BETWEEN 1 AND 200),
  slug text NOT NULL CONSTRAINT hotels_slug_form CHECK (slug ~ '^[a-z0-9_][a-z0-9_-]{1,62}$'),
  timezone text NOT NULL DEFAULT 'UTC',
  locale text NOT NULL DEFAULT 'en',
  is_synthetic boolean NOT NULL DEFAULT false,
  suspended_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
)
"""
_USERS = """
CREATE TABLE users (
  id uuid PRIMARY KEY,
  hotel_id uuid NOT NULL REFERENCES hotels ON DELETE CASCADE,
  email text NOT NULL CONSTRAINT users_email_lower CHECK (email = lower(email)),
  display_name text NOT NULL,
  role text NOT NULL CONSTRAINT users_role_known
    CHECK (role IN ('staff', 'supervisor', 'manager', 'admin', 'owner')),
  password_hash text NOT NULL,
  must_change_password boolean NOT NULL DEFAULT false,
  auth_version integer NOT NULL DEFAULT 1,
  suspended_at timestamptz,
  last_login_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_hotel_id_id_key UNIQUE (hotel_id, id)
)
"""
_USER_BY_EMAIL = """
CREATE FUNCTION auth_user_by_email(wanted text)
RETURNS TABLE (id uuid, hotel_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT u.id, u.hotel_id, u.password_hash FROM public.users u JOIN public.hotels h ON h.id = u.hotel_id
   WHERE u.email = wanted AND u.deleted_at IS NULL AND u.suspended_at IS NULL
     AND h.deleted_at IS NULL AND h.suspended_at IS NULL
$$
"""
_SYNTHETIC = """
INSERT INTO hotels (id, name, slug, is_synthetic)
VALUES ('00000000-0000-7000-8000-000000000001', 'Synthetic hotel', '__synthetic__', true)
"""


def upgrade() -> None:
    """The core tables exist, isolated by hotel, and hold the synthetic hotel that probes use."""
    recipe.create_role("hotel_app")
    recipe.create_role("hotel_auth")
    recipe.join_role("hotel_auth")
    op.execute("GRANT USAGE ON SCHEMA public TO hotel_app, hotel_auth")
    op.execute(_SCHEMA_COMPAT)
    op.execute("GRANT SELECT ON schema_compat TO hotel_app")
    op.execute(_TOUCH)
    op.execute(_HOTELS)
    op.execute("CREATE UNIQUE INDEX hotels_slug_live ON hotels (slug) WHERE deleted_at IS NULL")
    op.execute(_USERS)
    op.execute("CREATE UNIQUE INDEX users_email_live ON users (email) WHERE deleted_at IS NULL")
    op.execute("CREATE INDEX users_hotel_role_live ON users (hotel_id, role) WHERE deleted_at IS NULL")
    recipe.isolate("hotels", column="id")
    recipe.isolate("users")
    for table in ("hotels", "users"):
        recipe.touch(table)
        recipe.open_to_definer(table)
    op.execute("GRANT SELECT ON hotels TO hotel_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON users TO hotel_app")
    op.execute(_USER_BY_EMAIL)
    recipe.give_to_definer("auth_user_by_email(text)")
    op.execute(_SYNTHETIC)
    recipe.record(1, revision, min_code_serial=1)


def downgrade() -> None:
    """Nothing of this revision is left in the database; the roles stay, other databases may use them."""
    op.execute("DROP FUNCTION auth_user_by_email(text)")
    op.execute("DROP TABLE users")
    op.execute("DROP TABLE hotels")
    op.execute("DROP FUNCTION touch_updated_at()")
    op.execute("DROP TABLE schema_compat")
    op.execute("REVOKE USAGE ON SCHEMA public FROM hotel_app, hotel_auth")
