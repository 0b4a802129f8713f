"""The hotel's work: conversations, tickets, work orders, knowledge, what the assistant did, figures."""

from alembic import op

from hotelctl.app.migrations import recipe

revision = "0005_operations"
down_revision = "0004_access"
branch_labels = None
depends_on = None

_CONVERSATIONS = """
  session_id uuid,
  user_id uuid,
  guest_name text CONSTRAINT conversations_guest_name_length CHECK (length(guest_name) BETWEEN 1 AND 120),
  room_label text CONSTRAINT conversations_room_label_length CHECK (length(room_label) BETWEEN 1 AND 40),
  channel text NOT NULL CONSTRAINT conversations_channel_known
    CHECK (channel IN ('guest_web', 'staff_web', 'api')),
  status text NOT NULL DEFAULT 'bot' CONSTRAINT conversations_status_known
    CHECK (status IN ('bot', 'human', 'waiting_guest', 'resolved')),
  assigned_to uuid,
  subject text CONSTRAINT conversations_subject_length CHECK (length(subject) <= 200),
  last_seq integer NOT NULL DEFAULT 0,
  last_message_at timestamptz,
  unread_staff integer NOT NULL DEFAULT 0
    CONSTRAINT conversations_unread_staff_positive CHECK (unread_staff >= 0),
  handed_off_at timestamptz,
  resolved_at timestamptz,
  stay_ends_at timestamptz,
  rating smallint CONSTRAINT conversations_rating_range CHECK (rating BETWEEN 1 AND 5),
  deleted_at timestamptz
"""
_MESSAGES = """
  conversation_id uuid NOT NULL,
  seq integer NOT NULL,
  role text NOT NULL CONSTRAINT messages_role_known
    CHECK (role IN ('guest', 'staff', 'assistant', 'system')),
  author_user_id uuid,
  content text NOT NULL CONSTRAINT messages_content_length CHECK (length(content) <= 8000),
  content_redacted boolean NOT NULL DEFAULT false,
  model text,
  tokens_in integer,
  tokens_out integer,
  latency_ms integer,
  citations jsonb NOT NULL DEFAULT '[]'
    CONSTRAINT messages_citations_size CHECK (pg_column_size(citations) < 65536),
  action jsonb CONSTRAINT messages_action_size CHECK (pg_column_size(action) < 65536),
  client_msg_id uuid,
  CONSTRAINT messages_conversation_seq_key UNIQUE (conversation_id, seq),
  CONSTRAINT messages_conversation_client_key UNIQUE (conversation_id, client_msg_id)
"""
_TICKETS = """
  number integer NOT NULL,
  title text NOT NULL CONSTRAINT tickets_title_length CHECK (length(title) BETWEEN 3 AND 180),
  description text NOT NULL DEFAULT ''
    CONSTRAINT tickets_description_length CHECK (length(description) <= 5000),
  category text CONSTRAINT tickets_category_length CHECK (length(category) BETWEEN 1 AND 60),
  priority text NOT NULL DEFAULT 'MEDIUM' CONSTRAINT tickets_priority_known
    CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH', 'URGENT')),
  status text NOT NULL DEFAULT 'OPEN' CONSTRAINT tickets_status_known
    CHECK (status IN ('OPEN', 'IN_PROGRESS', 'WAITING_RESPONSE', 'RESOLVED', 'CLOSED', 'CANCELLED')),
  source text NOT NULL CONSTRAINT tickets_source_known
    CHECK (source IN ('GUEST_WIDGET', 'STAFF_PORTAL', 'AI_AGENT', 'EMAIL', 'PHONE', 'MANUAL')),
  guest_name text CONSTRAINT tickets_guest_name_length CHECK (length(guest_name) BETWEEN 1 AND 120),
  guest_email text CONSTRAINT tickets_guest_email_length CHECK (length(guest_email) <= 254),
  room_label text CONSTRAINT tickets_room_label_length CHECK (length(room_label) BETWEEN 1 AND 40),
  assigned_to uuid,
  created_by uuid,
  session_id uuid,
  conversation_id uuid,
  sla_minutes integer CONSTRAINT tickets_sla_minutes_range CHECK (sla_minutes BETWEEN 5 AND 2880),
  due_at timestamptz,
  first_response_at timestamptz,
  resolved_at timestamptz,
  resolution text CONSTRAINT tickets_resolution_length CHECK (length(resolution) <= 5000),
  version integer NOT NULL DEFAULT 1,
  deleted_at timestamptz,
  CONSTRAINT tickets_number_key UNIQUE (hotel_id, number)
"""
_TICKET_COMMENTS = """
  ticket_id uuid NOT NULL,
  author_kind text NOT NULL CONSTRAINT ticket_comments_author_kind_known
    CHECK (author_kind IN ('user', 'guest', 'assistant', 'system')),
  author_user_id uuid,
  visibility text NOT NULL DEFAULT 'INTERNAL' CONSTRAINT ticket_comments_visibility_known
    CHECK (visibility IN ('PUBLIC', 'INTERNAL')),
  body text NOT NULL CONSTRAINT ticket_comments_body_length CHECK (length(body) BETWEEN 1 AND 4000)
"""
# One row a hotel, so that two tickets at once get two numbers.
_TICKET_NUMBERS = """
CREATE TABLE ticket_numbers (
  hotel_id uuid PRIMARY KEY REFERENCES hotels ON DELETE CASCADE,
  last_number integer NOT NULL
)
"""
_WORK_ORDERS = """
  kind text NOT NULL CONSTRAINT work_orders_kind_known
    CHECK (kind IN ('housekeeping', 'maintenance', 'amenity', 'room_service')),
  title text NOT NULL CONSTRAINT work_orders_title_length CHECK (length(title) BETWEEN 3 AND 180),
  details text NOT NULL DEFAULT '' CONSTRAINT work_orders_details_length CHECK (length(details) <= 4000),
  category text CONSTRAINT work_orders_category_length CHECK (length(category) BETWEEN 1 AND 60),
  room_label text CONSTRAINT work_orders_room_label_length CHECK (length(room_label) BETWEEN 1 AND 40),
  priority text NOT NULL DEFAULT 'MEDIUM' CONSTRAINT work_orders_priority_known
    CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH', 'URGENT')),
  status text NOT NULL DEFAULT 'open' CONSTRAINT work_orders_status_known
    CHECK (status IN ('needs_confirmation', 'open', 'in_progress', 'done', 'cancelled')),
  assigned_to uuid,
  created_by uuid,
  session_id uuid,
  conversation_id uuid,
  ticket_id uuid,
  external_ref text CONSTRAINT work_orders_external_ref_length CHECK (length(external_ref) <= 200),
  due_at timestamptz,
  completed_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  deleted_at timestamptz
"""
_WORK_ORDER_HISTORY = """
  work_order_id uuid NOT NULL,
  source text NOT NULL CONSTRAINT pms_work_order_history_source_known
    CHECK (source IN ('assistant', 'manual', 'import', 'api')),
  actor_id uuid,
  previous jsonb CONSTRAINT pms_work_order_history_previous_size CHECK (pg_column_size(previous) < 65536),
  new jsonb NOT NULL CONSTRAINT pms_work_order_history_new_size CHECK (pg_column_size(new) < 65536),
  changed jsonb NOT NULL DEFAULT '{}'
    CONSTRAINT pms_work_order_history_changed_size CHECK (pg_column_size(changed) < 65536),
  sync_status text NOT NULL DEFAULT 'local_only' CONSTRAINT pms_work_order_history_sync_status_known
    CHECK (sync_status IN ('local_only', 'pending', 'synced', 'failed', 'conflict')),
  attempts integer NOT NULL DEFAULT 0,
  last_error text CONSTRAINT pms_work_order_history_last_error_length CHECK (length(last_error) <= 500),
  next_attempt_at timestamptz,
  synced_at timestamptz
"""
_WORKFLOW_EXECUTIONS = """
  workflow text NOT NULL CONSTRAINT workflow_executions_workflow_known
    CHECK (workflow IN ('qr_scan', 'message', 'ticket_sla', 'kb_import')),
  trigger_id uuid,
  user_id uuid,
  status text NOT NULL DEFAULT 'running' CONSTRAINT workflow_executions_status_known
    CHECK (status IN ('running', 'success', 'partial', 'failed')),
  steps jsonb NOT NULL DEFAULT '[]'
    CONSTRAINT workflow_executions_steps_size CHECK (pg_column_size(steps) < 65536),
  errors jsonb CONSTRAINT workflow_executions_errors_size CHECK (pg_column_size(errors) < 65536),
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  duration_ms bigint GENERATED ALWAYS AS
    ((EXTRACT(epoch FROM finished_at - started_at) * 1000)::bigint) STORED,
  request_id text
"""
_AI_LOGS = """
  conversation_id uuid,
  message_id uuid,
  session_id uuid,
  model_key text NOT NULL CONSTRAINT ai_interaction_logs_model_key_length CHECK (length(model_key) <= 60),
  provider text NOT NULL
    CONSTRAINT ai_interaction_logs_provider_known CHECK (provider IN ('local', 'openai')),
  provider_model text,
  status text NOT NULL CONSTRAINT ai_interaction_logs_status_known
    CHECK (status IN ('success', 'failed', 'timeout', 'blocked', 'handoff')),
  tokens_in integer NOT NULL DEFAULT 0,
  tokens_out integer NOT NULL DEFAULT 0,
  cost_microusd bigint NOT NULL DEFAULT 0,
  latency_ms integer NOT NULL,
  ttft_ms integer,
  confidence real CONSTRAINT ai_interaction_logs_confidence_range CHECK (confidence BETWEEN 0 AND 1),
  guard_flags text[] NOT NULL DEFAULT '{}',
  retrieved jsonb NOT NULL DEFAULT '[]'
    CONSTRAINT ai_interaction_logs_retrieved_size CHECK (pg_column_size(retrieved) < 65536),
  actions jsonb NOT NULL DEFAULT '[]'
    CONSTRAINT ai_interaction_logs_actions_size CHECK (pg_column_size(actions) < 65536),
  error_code text,
  request_id text,
  payload jsonb CONSTRAINT ai_interaction_logs_payload_size CHECK (pg_column_size(payload) < 65536)
"""
_SUMMARIES = """
  period text NOT NULL CONSTRAINT ai_analytics_summaries_period_known
    CHECK (period IN ('hour', 'day', 'week', 'month')),
  period_start timestamptz NOT NULL,
  scans_guest integer NOT NULL DEFAULT 0,
  scans_staff integer NOT NULL DEFAULT 0,
  conversations integer NOT NULL DEFAULT 0,
  messages integer NOT NULL DEFAULT 0,
  ai_calls integer NOT NULL DEFAULT 0,
  ai_failed integer NOT NULL DEFAULT 0,
  handoffs integer NOT NULL DEFAULT 0,
  tokens bigint NOT NULL DEFAULT 0,
  cost_microusd bigint NOT NULL DEFAULT 0,
  p50_ms integer,
  p95_ms integer,
  tickets integer NOT NULL DEFAULT 0,
  work_orders integer NOT NULL DEFAULT 0,
  by_model jsonb NOT NULL DEFAULT '{}'
    CONSTRAINT ai_analytics_summaries_by_model_size CHECK (pg_column_size(by_model) < 65536),
  CONSTRAINT ai_analytics_summaries_period_key UNIQUE (hotel_id, period, period_start)
"""
_KNOWLEDGE = """
  title text NOT NULL CONSTRAINT knowledge_entries_title_length CHECK (length(title) BETWEEN 1 AND 200),
  body text NOT NULL CONSTRAINT knowledge_entries_body_length CHECK (length(body) BETWEEN 1 AND 8000),
  keywords text NOT NULL DEFAULT ''
    CONSTRAINT knowledge_entries_keywords_length CHECK (length(keywords) <= 2000),
  audience text NOT NULL DEFAULT 'guest' CONSTRAINT knowledge_entries_audience_known
    CHECK (audience IN ('guest', 'staff')),
  lang regconfig NOT NULL DEFAULT 'simple',
  tags text[] NOT NULL DEFAULT '{}',
  valid_from timestamptz,
  valid_until timestamptz,
  source text CONSTRAINT knowledge_entries_source_length CHECK (length(source) <= 500),
  version integer NOT NULL DEFAULT 1,
  deleted_at timestamptz,
  tsv tsvector GENERATED ALWAYS AS (setweight(to_tsvector(lang, title || ' ' || keywords), 'A')
    || setweight(to_tsvector(lang, body), 'B')) STORED,
  CONSTRAINT knowledge_entries_validity CHECK (valid_until > valid_from)
"""
# Nobody empties a log by hand: only what is old enough goes, of the transaction's hotel alone.
_PURGE_LOGS = """
CREATE FUNCTION purge_logs(log text, before timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  removed bigint;
BEGIN
  IF log NOT IN ('user_session_logs', 'audit_events', 'ai_interaction_logs') THEN
    RAISE EXCEPTION '% is no log', log USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format(
    'DELETE FROM public.%I WHERE hotel_id = NULLIF(current_setting(''app.hotel_id'', true), '''')::uuid'
    ' AND created_at < least($1, now() - interval ''7 days'')', log) USING before;
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END $$
"""
_SIGNATURE = "purge_logs(text, timestamptz)"
_TABLES = (
    *("knowledge_entries", "ai_analytics_summaries", "ai_interaction_logs", "workflow_executions"),
    *("pms_work_order_history", "work_orders", "ticket_numbers", "ticket_comments", "tickets"),
    *("messages", "conversations"),
)


def upgrade() -> None:
    """Guests can be talked to and served, and what was done can be counted."""
    _make_conversations()
    _make_tickets()
    _make_work_orders()
    _make_runs()
    recipe.live_table("knowledge_entries", _KNOWLEDGE)
    op.execute("CREATE INDEX knowledge_entries_live ON knowledge_entries (hotel_id) WHERE deleted_at IS NULL")
    op.execute(
        "CREATE INDEX knowledge_entries_words ON knowledge_entries USING gin (tsv) WHERE deleted_at IS NULL"
    )
    op.execute(_PURGE_LOGS)
    recipe.give_to_definer(_SIGNATURE)
    recipe.record(5, revision, min_code_serial=1)


def _make_conversations() -> None:
    recipe.live_table("conversations", _CONVERSATIONS)
    recipe.refer("conversations", "session_id", "sessions")
    recipe.refer("conversations", "user_id", "users")
    recipe.refer("conversations", "assigned_to", "users")
    op.execute(
        "CREATE INDEX conversations_inbox ON conversations (hotel_id, status, last_message_at)"
        " WHERE deleted_at IS NULL"
    )
    # What a message says stays; whether its proposal was confirmed is learned later.
    recipe.log_table("messages", _MESSAGES, changing=("action", "author_user_id"))
    op.execute("REVOKE UPDATE (author_user_id) ON messages FROM hotel_app")
    recipe.refer("messages", "conversation_id", "conversations", cascade=True, index=False)
    recipe.refer("messages", "author_user_id", "users")


def _make_tickets() -> None:
    recipe.live_table("tickets", _TICKETS)
    for column, target in (
        *(("assigned_to", "users"), ("created_by", "users")),
        *(("session_id", "sessions"), ("conversation_id", "conversations")),
    ):
        recipe.refer("tickets", column, target)
    op.execute(
        "CREATE INDEX tickets_queue ON tickets (hotel_id, status, priority, created_at)"
        " WHERE deleted_at IS NULL"
    )
    op.execute(
        "CREATE INDEX tickets_due ON tickets (due_at)"
        " WHERE status IN ('OPEN', 'IN_PROGRESS', 'WAITING_RESPONSE') AND deleted_at IS NULL"
    )
    recipe.live_table("ticket_comments", _TICKET_COMMENTS)
    recipe.refer("ticket_comments", "ticket_id", "tickets", cascade=True)
    recipe.refer("ticket_comments", "author_user_id", "users")
    op.execute(_TICKET_NUMBERS)
    recipe.isolate("ticket_numbers")
    op.execute("GRANT SELECT, INSERT, UPDATE ON ticket_numbers TO hotel_app")


def _make_work_orders() -> None:
    recipe.live_table("work_orders", _WORK_ORDERS)
    for column, target in (
        *(("assigned_to", "users"), ("created_by", "users"), ("session_id", "sessions")),
        *(("conversation_id", "conversations"), ("ticket_id", "tickets")),
    ):
        recipe.refer("work_orders", column, target)
    op.execute(
        "CREATE INDEX work_orders_queue ON work_orders (hotel_id, status, kind, created_at)"
        " WHERE deleted_at IS NULL"
    )
    history = "pms_work_order_history"
    syncing = ("sync_status", "attempts", "last_error", "next_attempt_at", "synced_at")
    recipe.log_table(history, _WORK_ORDER_HISTORY, changing=syncing)
    recipe.refer(history, "work_order_id", "work_orders", cascade=True)
    op.execute(
        f"CREATE INDEX {history}_outbox ON {history} (next_attempt_at)"
        " WHERE sync_status IN ('pending', 'failed')"
    )


def _make_runs() -> None:
    recipe.live_table("workflow_executions", _WORKFLOW_EXECUTIONS)
    recipe.refer("workflow_executions", "user_id", "users")
    op.execute(
        "CREATE INDEX workflow_executions_newest ON workflow_executions (hotel_id, workflow, started_at)"
    )
    op.execute(
        "CREATE INDEX workflow_executions_running ON workflow_executions (started_at)"
        " WHERE status = 'running'"
    )
    recipe.log_table("ai_interaction_logs", _AI_LOGS, changing=("payload",))
    op.execute("CREATE INDEX ai_interaction_logs_newest ON ai_interaction_logs (hotel_id, created_at)")
    op.execute(
        "CREATE INDEX ai_interaction_logs_model ON ai_interaction_logs (hotel_id, model_key, created_at)"
    )
    recipe.definer_clears("ai_interaction_logs")
    recipe.live_table("ai_analytics_summaries", _SUMMARIES)


def downgrade() -> None:
    """Nothing of this revision is left."""
    op.execute(f"DROP FUNCTION {_SIGNATURE}")
    for table in _TABLES:
        op.execute(f"DROP TABLE {table}")
    recipe.forget(5)
