"""Statements that revisions share: roles, row-level security, definer functions, the compatibility row."""

from alembic import op
from sqlalchemy import text

from hotelctl.app.identity import installed_version

# Roles belong to the whole server: another database may have made them, or be making them now.
_CREATE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN
    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""

# Only a member may hand a function over; two databases may grant the same membership at once.
_JOIN_ROLE = """
DO $$ BEGIN
  FOR attempt IN 1..20 LOOP
    BEGIN
      IF NOT pg_has_role(current_user, '{role}', 'USAGE') THEN
        EXECUTE format('GRANT {role} TO %I', current_user);
      END IF;
      EXIT;
    EXCEPTION WHEN unique_violation OR internal_error THEN PERFORM pg_sleep(0.05);
    END;
  END LOOP;
END $$
"""

# A request waits in a transaction for a lock at most, which takes seconds. Who may not alter the role
# leaves it as it is; two databases may alter it at once.
_LIMIT_IDLE = """
DO $$ BEGIN
  FOR attempt IN 1..20 LOOP
    BEGIN
      IF NOT EXISTS (
        SELECT FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) one
        WHERE r.rolname = '{role}' AND s.setdatabase = 0
          AND one LIKE 'idle\\_in\\_transaction\\_session\\_timeout=%'
      ) THEN
        ALTER ROLE {role} SET idle_in_transaction_session_timeout = '60s';
      END IF;
      EXIT;
    EXCEPTION
      WHEN insufficient_privilege THEN EXIT;
      WHEN unique_violation OR internal_error THEN PERFORM pg_sleep(0.05);
    END;
  END LOOP;
END $$
"""


def create_role(role: str) -> None:
    """The role exists on the server, without log-in if it was made here."""
    op.execute(_CREATE_ROLE.format(role=role))


def limit_idle_transactions(role: str) -> None:
    """Sessions of the role end that do nothing for a minute inside of a transaction."""
    op.execute(_LIMIT_IDLE.format(role=role))


def join_role(role: str) -> None:
    """The migrating user may give objects to the role."""
    op.execute(_JOIN_ROLE.format(role=role))


def _tenant(column: str) -> str:
    return f"{column} = NULLIF(current_setting('app.hotel_id', true), '')::uuid"


def isolate(table: str, column: str = "hotel_id") -> None:
    """The run-time role sees and writes rows of the transaction's hotel only.

    ENABLE and not FORCE: forced, the owner's data migrations and dumps would silently see nothing.
    NULLIF, because a pooled connection answers '' for a setting that an earlier transaction had set.
    """
    tenant = _tenant(column)
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} TO hotel_app USING ({tenant}) WITH CHECK ({tenant})")


def open_to_definer(table: str) -> None:
    """Definer functions read the table across hotels; nobody can log in as their role."""
    op.execute(f"GRANT SELECT ON {table} TO hotel_auth")
    op.execute(f"CREATE POLICY definer ON {table} FOR SELECT TO hotel_auth USING (true)")


def give_to_definer(signature: str) -> None:
    """The function runs as hotel_auth, and of the others only hotel_app may call it."""
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO hotel_app")
    op.execute("GRANT CREATE ON SCHEMA public TO hotel_auth")
    op.execute(f"ALTER FUNCTION {signature} OWNER TO hotel_auth")
    op.execute("REVOKE CREATE ON SCHEMA public FROM hotel_auth")


def definer_changes(table: str, *columns: str) -> None:
    """Definer functions may change these columns, across hotels."""
    op.execute(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO hotel_auth")
    op.execute(f"CREATE POLICY definer_change ON {table} FOR UPDATE TO hotel_auth USING (true)")


def definer_clears(table: str) -> None:
    """Definer functions see and remove rows of the transaction's hotel."""
    op.execute(f"GRANT SELECT, DELETE ON {table} TO hotel_auth")
    op.execute(f"CREATE POLICY definer_clear ON {table} TO hotel_auth USING ({_tenant('hotel_id')})")


def tenant_table(table: str, columns: str) -> None:
    """A table of rows that each belong to one hotel, isolated, with the key that others refer to."""
    op.execute(
        f"CREATE TABLE {table} (id uuid PRIMARY KEY,"
        f" hotel_id uuid NOT NULL REFERENCES hotels ON DELETE CASCADE, {columns},"
        " created_at timestamptz NOT NULL DEFAULT now(),"
        f" CONSTRAINT {table}_hotel_id_id_key UNIQUE (hotel_id, id))"
    )
    isolate(table)


def live_table(table: str, columns: str) -> None:
    """A tenant table whose rows the service changes and removes."""
    tenant_table(table, f"{columns}, updated_at timestamptz NOT NULL DEFAULT now()")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO hotel_app")
    touch(table)


def log_table(table: str, columns: str, *, changing: tuple[str, ...] = ()) -> None:
    """A tenant table whose rows stay as they were written, but for the columns named as changing.

    That holds for the owner too; the run-time role can remove nothing.
    """
    tenant_table(table, columns)
    op.execute(f"GRANT SELECT, INSERT ON {table} TO hotel_app")
    if changing:
        op.execute(f"GRANT UPDATE ({', '.join(changing)}) ON {table} TO hotel_app")
    arguments = ", ".join(f"'{column}'" for column in changing)
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION refuse_update({arguments})"
    )


def refer(table: str, column: str, target: str, *, cascade: bool = False, index: bool = True) -> None:
    """The column names a row of the same hotel; with that row it becomes NULL, or its own row goes too."""
    stem = column.removesuffix("_id")
    action = "CASCADE" if cascade else f"SET NULL ({column})"
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{stem}_fkey FOREIGN KEY (hotel_id, {column})"
        f" REFERENCES {target} (hotel_id, id) ON DELETE {action}"
    )
    if index:
        op.execute(f"CREATE INDEX {table}_{stem} ON {table} (hotel_id, {column}) WHERE {column} IS NOT NULL")


def touch(table: str) -> None:
    """Every update of a row moves its updated_at."""
    op.execute(
        f"CREATE TRIGGER touch BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION touch_updated_at()"
    )


def record(serial: int, revision: str, min_code_serial: int) -> None:
    """The database says which code may serve it from this revision on."""
    statement = text(
        "INSERT INTO schema_compat (serial, alembic_revision, min_code_serial, app_version)"
        " VALUES (:serial, :revision, :minimum, :version)"
    )
    op.execute(
        statement.bindparams(
            serial=serial, revision=revision, minimum=min_code_serial, version=installed_version()
        )
    )


def forget(serial: int) -> None:
    """The row of a revision that is being taken back is gone."""
    op.execute(text("DELETE FROM schema_compat WHERE serial = :serial").bindparams(serial=serial))
