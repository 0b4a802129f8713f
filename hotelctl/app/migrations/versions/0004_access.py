"""Who may come in: guests' sessions, QR tokens, invitations; what is noted about it; repeats of requests."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0004_access"
down_revision = "0003_rate_limits"
branch_labels = None
depends_on = None

_APPEND_ONLY = """
CREATE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF to_jsonb(NEW) - coalesce(TG_ARGV, '{}') IS DISTINCT FROM to_jsonb(OLD) - coalesce(TG_ARGV, '{}') THEN
    RAISE EXCEPTION 'rows of % stay as they were written', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
# The code of the entrance stands on public paper and grants nothing.
_HOTELS = """
ALTER TABLE hotels
  ADD COLUMN email text,
  ADD COLUMN phone text,
  ADD COLUMN address text,
  ADD COLUMN emergency_phone text,
  ADD COLUMN brand jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN settings jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN plan text NOT NULL DEFAULT 'standard',
  ADD COLUMN ai_monthly_limit integer NOT NULL DEFAULT 2000,
  ADD COLUMN entry_code text NOT NULL DEFAULT substr(replace(gen_random_uuid()::text, '-', ''), 1, 12),
  ADD CONSTRAINT hotels_brand_size CHECK (pg_column_size(brand) < 65536),
  ADD CONSTRAINT hotels_settings_size CHECK (pg_column_size(settings) < 65536),
  ADD CONSTRAINT hotels_ai_monthly_limit_positive CHECK (ai_monthly_limit >= 0),
  ADD CONSTRAINT hotels_entry_code_form CHECK (entry_code ~ '^[a-z0-9]{8,32}$'),
  ADD CONSTRAINT hotels_entry_code_key UNIQUE (entry_code)
"""
# Somebody who is invited has no password yet.
_USERS = """
ALTER TABLE users
  ALTER COLUMN password_hash DROP NOT NULL,
  ADD COLUMN department text NOT NULL DEFAULT 'general',
  ADD COLUMN locale text,
  ADD COLUMN mfa_secret_enc bytea,
  ADD CONSTRAINT users_department_known
    CHECK (department IN ('general', 'reception', 'housekeeping', 'maintenance'))
"""
_ACCOUNTS = """
  user_id uuid NOT NULL,
  provider text NOT NULL,
  subject text NOT NULL,
  email text,
  scopes text[] NOT NULL DEFAULT '{}',
  refresh_enc bytea,
  expires_at timestamptz,
  CONSTRAINT accounts_provider_subject_key UNIQUE (provider, subject)
"""
_VERIFICATION_TOKENS = """
  purpose text NOT NULL CONSTRAINT verification_tokens_purpose_known
    CHECK (purpose IN ('invite', 'password_reset', 'email_verify')),
  user_id uuid,
  email text CONSTRAINT verification_tokens_email_lower CHECK (email = lower(email)),
  token_hash bytea NOT NULL CONSTRAINT verification_tokens_token_hash_length CHECK (length(token_hash) = 32),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT verification_tokens_someone CHECK (user_id IS NOT NULL OR email IS NOT NULL),
  CONSTRAINT verification_tokens_token_hash_key UNIQUE (token_hash)
"""
_QR_TOKENS = """
  purpose text NOT NULL CONSTRAINT guest_staff_qr_tokens_purpose_known
    CHECK (purpose IN ('guest_access', 'staff_access', 'room_service', 'maintenance')),
  token_hash bytea NOT NULL
    CONSTRAINT guest_staff_qr_tokens_token_hash_length CHECK (length(token_hash) = 32),
  prefix text NOT NULL CONSTRAINT guest_staff_qr_tokens_prefix_length CHECK (length(prefix) = 6),
  user_id uuid,
  room_label text
    CONSTRAINT guest_staff_qr_tokens_room_label_length CHECK (length(room_label) BETWEEN 1 AND 40),
  guest_name text
    CONSTRAINT guest_staff_qr_tokens_guest_name_length CHECK (length(guest_name) BETWEEN 1 AND 120),
  stay_ends_at timestamptz,
  max_uses integer NOT NULL DEFAULT 1
    CONSTRAINT guest_staff_qr_tokens_max_uses_range CHECK (max_uses BETWEEN 1 AND 20),
  use_count integer NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  revoked_at timestamptz,
  revoked_by uuid,
  revoke_reason text
    CONSTRAINT guest_staff_qr_tokens_revoke_reason_length CHECK (length(revoke_reason) <= 200),
  replaced_by uuid,
  created_by uuid,
  meta jsonb NOT NULL DEFAULT '{}'
    CONSTRAINT guest_staff_qr_tokens_meta_size CHECK (pg_column_size(meta) < 65536),
  CONSTRAINT guest_staff_qr_tokens_use_count_range CHECK (use_count BETWEEN 0 AND max_uses),
  CONSTRAINT guest_staff_qr_tokens_staff_named CHECK (purpose <> 'staff_access' OR user_id IS NOT NULL),
  CONSTRAINT guest_staff_qr_tokens_token_hash_key UNIQUE (token_hash)
"""
# A row of before is a user's, made for the API.
_SESSIONS = """
ALTER TABLE sessions
  ALTER COLUMN user_id DROP NOT NULL,
  ADD COLUMN subject_kind text NOT NULL DEFAULT 'user',
  ADD COLUMN kind text NOT NULL DEFAULT 'api',
  ADD COLUMN qr_token_id uuid,
  ADD COLUMN room_label text,
  ADD COLUMN last_seen_at timestamptz,
  ADD COLUMN ua text,
  ADD CONSTRAINT sessions_subject_kind_known CHECK (subject_kind IN ('user', 'guest')),
  ADD CONSTRAINT sessions_kind_known CHECK (kind IN ('web', 'api', 'guest')),
  ADD CONSTRAINT sessions_subject CHECK (
    CASE subject_kind WHEN 'user' THEN user_id IS NOT NULL AND kind <> 'guest'
                      ELSE user_id IS NULL AND kind = 'guest' END),
  ADD CONSTRAINT sessions_room_label_length CHECK (length(room_label) BETWEEN 1 AND 40),
  ADD CONSTRAINT sessions_ua_length CHECK (length(ua) <= 400),
  DROP CONSTRAINT sessions_revoke_reason_known,
  ADD CONSTRAINT sessions_revoke_reason_known CHECK (revoke_reason IN (
    'rotated', 'logout', 'reuse', 'password_changed', 'suspended', 'role_changed', 'qr_revoked', 'ended'))
"""
_USER_SESSION_LOGS = """
  session_id uuid,
  user_id uuid,
  role text,
  event text NOT NULL CONSTRAINT user_session_logs_event_known CHECK (event IN (
    'login_ok', 'login_fail', 'qr_scan', 'refresh', 'logout', 'revoked', 'reuse_detected')),
  method text CONSTRAINT user_session_logs_method_known
    CHECK (method IN ('password', 'qr_camera', 'qr_manual', 'oidc')),
  qr_token_id uuid,
  ip inet,
  ua text CONSTRAINT user_session_logs_ua_length CHECK (length(ua) <= 400),
  outcome text,
  request_id text
"""
_AUDIT_EVENTS = """
  actor_kind text NOT NULL CONSTRAINT audit_events_actor_kind_known
    CHECK (actor_kind IN ('user', 'guest', 'assistant', 'system')),
  actor_id uuid,
  action text NOT NULL CONSTRAINT audit_events_action_form CHECK (action ~ '^[a-z_]+(\\.[a-z_]+)+$'),
  object_kind text NOT NULL,
  object_id uuid,
  before jsonb CONSTRAINT audit_events_before_size CHECK (pg_column_size(before) < 65536),
  after jsonb CONSTRAINT audit_events_after_size CHECK (pg_column_size(after) < 65536),
  request_id text
"""
_IDEMPOTENCY_KEYS = """
CREATE TABLE idempotency_keys (
  hotel_id uuid NOT NULL REFERENCES hotels ON DELETE CASCADE,
  key text NOT NULL CONSTRAINT idempotency_keys_key_length CHECK (length(key) BETWEEN 1 AND 300),
  route text NOT NULL,
  request_sha256 bytea NOT NULL
    CONSTRAINT idempotency_keys_request_sha256_length CHECK (length(request_sha256) = 32),
  status smallint,
  response jsonb CONSTRAINT idempotency_keys_response_size CHECK (pg_column_size(response) < 65536),
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (hotel_id, key)
)
"""
_QR_CLAIM = """
CREATE FUNCTION qr_claim(hash bytea) RETURNS TABLE (id uuid, hotel_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE public.guest_staff_qr_tokens t SET use_count = t.use_count + 1, used_at = now()
   WHERE t.token_hash = hash AND t.revoked_at IS NULL AND t.expires_at > now() AND t.use_count < t.max_uses
     AND EXISTS (SELECT 1 FROM public.hotels h
                  WHERE h.id = t.hotel_id AND h.deleted_at IS NULL AND h.suspended_at IS NULL)
  RETURNING t.id, t.hotel_id
$$
"""
_QR_PEEK = """
CREATE FUNCTION qr_peek(hash bytea) RETURNS TABLE (
  id uuid, hotel_id uuid, hotel_name text, purpose text, user_id uuid, room_label text,
  expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT t.id, t.hotel_id, h.name, t.purpose, t.user_id, t.room_label, t.expires_at
    FROM public.guest_staff_qr_tokens t JOIN public.hotels h ON h.id = t.hotel_id
   WHERE t.token_hash = hash AND t.revoked_at IS NULL AND t.expires_at > now() AND t.use_count < t.max_uses
     AND h.deleted_at IS NULL AND h.suspended_at IS NULL
$$
"""
_VERIFICATION_CLAIM = """
CREATE FUNCTION verification_claim(hash bytea, wanted text)
RETURNS TABLE (id uuid, hotel_id uuid, user_id uuid, email text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  UPDATE public.verification_tokens t SET used_at = now()
   WHERE t.token_hash = hash AND t.purpose = wanted AND t.used_at IS NULL AND t.expires_at > now()
     AND EXISTS (SELECT 1 FROM public.hotels h
                  WHERE h.id = t.hotel_id AND h.deleted_at IS NULL AND h.suspended_at IS NULL)
  RETURNING t.id, t.hotel_id, t.user_id, t.email
$$
"""
_HOTEL_BY_ENTRY = """
CREATE FUNCTION hotel_by_entry_code(code text) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT h.id FROM public.hotels h
   WHERE h.entry_code = code AND h.deleted_at IS NULL AND h.suspended_at IS NULL
$$
"""
_LIVE_HOTELS = """
CREATE FUNCTION live_hotels() RETURNS TABLE (id uuid, is_synthetic boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT h.id, h.is_synthetic FROM public.hotels h WHERE h.deleted_at IS NULL ORDER BY h.id
$$
"""
# The owner's, with the owner's rights: it asks the catalogue, so a table of a later revision is cleared too.
_PURGE = """
CREATE FUNCTION purge_synthetic(hotel uuid) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  found_table regclass;
  removed bigint;
  total bigint := 0;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.hotels h WHERE h.id = hotel AND h.is_synthetic) THEN
    RAISE EXCEPTION 'hotel % is not synthetic', hotel USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR found_table IN
    SELECT c.oid::regclass FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'hotel_id' AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
  LOOP
    EXECUTE format('DELETE FROM %s WHERE hotel_id = $1', found_table) USING hotel;
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
  END LOOP;
  RETURN total;
END $$
"""
_PURGE_SIGNATURE = "purge_synthetic(uuid)"
_FUNCTIONS = {
    "qr_claim(bytea)": _QR_CLAIM,
    "qr_peek(bytea)": _QR_PEEK,
    "verification_claim(bytea, text)": _VERIFICATION_CLAIM,
    "hotel_by_entry_code(text)": _HOTEL_BY_ENTRY,
    "live_hotels()": _LIVE_HOTELS,
}
_NEW_COLUMNS = {
    "hotels": "email phone address emergency_phone brand settings plan ai_monthly_limit entry_code",
    "users": "department locale mfa_secret_enc",
    "sessions": "subject_kind kind qr_token_id room_label last_seen_at ua",
}
_SETTINGS_COLUMNS = "timezone, locale, email, phone, address, emergency_phone, brand, settings"


def upgrade() -> None:
    """Guests can have sessions, staff can be invited, and a repeated request can be recognised."""
    op.execute(_APPEND_ONLY)
    op.execute(_HOTELS)
    op.execute(f"GRANT UPDATE ({_SETTINGS_COLUMNS}) ON hotels TO hotel_app")
    op.execute(_USERS)
    recipe.live_table("accounts", _ACCOUNTS)
    recipe.refer("accounts", "user_id", "users", cascade=True)
    recipe.live_table("verification_tokens", _VERIFICATION_TOKENS)
    recipe.refer("verification_tokens", "user_id", "users", cascade=True)
    recipe.open_to_definer("verification_tokens")
    recipe.definer_changes("verification_tokens", "used_at")
    _make_qr_tokens()
    op.execute(_SESSIONS)
    recipe.refer("sessions", "qr_token_id", "guest_staff_qr_tokens")
    _make_logs()
    op.execute(_IDEMPOTENCY_KEYS)
    op.execute("CREATE INDEX idempotency_keys_expires ON idempotency_keys (expires_at)")
    recipe.isolate("idempotency_keys")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO hotel_app")
    for signature, statement in _FUNCTIONS.items():
        op.execute(statement)
        recipe.give_to_definer(signature)
    op.execute(_PURGE)
    op.execute(f"REVOKE ALL ON FUNCTION {_PURGE_SIGNATURE} FROM PUBLIC")
    recipe.record(4, revision, min_code_serial=1)


def _make_qr_tokens() -> None:
    table = "guest_staff_qr_tokens"
    recipe.live_table(table, _QR_TOKENS)
    recipe.refer(table, "user_id", "users", cascade=True)
    for column, target in (("revoked_by", "users"), ("created_by", "users"), ("replaced_by", table)):
        recipe.refer(table, column, target)
    op.execute(f"CREATE INDEX {table}_newest ON {table} (hotel_id, created_at) WHERE revoked_at IS NULL")
    op.execute(f"CREATE INDEX {table}_expires ON {table} (expires_at) WHERE revoked_at IS NULL")
    recipe.open_to_definer(table)
    recipe.definer_changes(table, "use_count", "used_at")


def _make_logs() -> None:
    recipe.log_table("user_session_logs", _USER_SESSION_LOGS, changing=("ip", "ua"))
    recipe.log_table("audit_events", _AUDIT_EVENTS)
    for table in ("user_session_logs", "audit_events"):
        op.execute(f"CREATE INDEX {table}_newest ON {table} (hotel_id, created_at)")
        recipe.definer_clears(table)
    op.execute("CREATE INDEX user_session_logs_user ON user_session_logs (user_id, created_at)")
    op.execute("CREATE INDEX audit_events_object ON audit_events (hotel_id, object_id)")


def downgrade() -> None:
    """Nothing of this revision is left; guests and everybody in the pages have to come in again."""
    for signature in (*_FUNCTIONS, _PURGE_SIGNATURE):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute(
        "DELETE FROM sessions WHERE kind <> 'api'"
        " OR revoke_reason NOT IN ('rotated', 'logout', 'reuse', 'password_changed')"
    )
    op.execute("UPDATE users SET password_hash = '' WHERE password_hash IS NULL")
    op.execute(f"REVOKE UPDATE ({_SETTINGS_COLUMNS}) ON hotels FROM hotel_app")
    op.execute("ALTER TABLE sessions DROP CONSTRAINT sessions_revoke_reason_known")
    for table, columns in _NEW_COLUMNS.items():
        dropped = ", ".join(f"DROP COLUMN {column}" for column in columns.split())
        op.execute(f"ALTER TABLE {table} {dropped}")
    op.execute(
        "ALTER TABLE sessions ALTER COLUMN user_id SET NOT NULL, ADD CONSTRAINT sessions_revoke_reason_known"
        " CHECK (revoke_reason IN ('rotated', 'logout', 'reuse', 'password_changed'))"
    )
    op.execute("ALTER TABLE users ALTER COLUMN password_hash SET NOT NULL")
    for table in (
        *("idempotency_keys", "audit_events", "user_session_logs"),
        *("guest_staff_qr_tokens", "verification_tokens", "accounts"),
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_update()")
    recipe.forget(4)
