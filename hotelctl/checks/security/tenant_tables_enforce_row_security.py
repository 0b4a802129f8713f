"""SEC012: tenant tables enforce row-level security, and the run-time role cannot get around it."""

import re
from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.schema_text import BuiltSchema
from hotelctl.facts.tenant_guards import RowPolicy, TenantGuards, TenantTable


@check(
    "SEC012",
    "Tenant tables enforce row-level security, and the run-time role is bound by it",
    severity=Severity.CRITICAL,
    rationale=(
        "One table without it, one policy that lets every row through, or a role that it does not bind shows "
        "everybody what belongs to others as soon as one query forgets its condition."
    ),
    remediation=(
        "Enable row-level security in the migration that makes the table, with a policy on its "
        "tenant's column, and enter the database by a role that owns nothing."
    ),
    references=("https://www.postgresql.org/docs/current/ddl-rowsecurity.html",),
    stage=Stage.BUILD,
)
def tenant_tables_enforce_row_security(built: BuiltSchema) -> Iterator[Finding]:
    """A finding for every table that is not guarded for the run-time role, or not by its tenant."""
    if not built.ok:
        raise Unavailable(f"the migrations do not run from empty: {built.why}")
    guards = built.guards
    if guards is None:
        raise NotApplicable("the service file declares no [security] tenant_columns")
    if guards.doubt:
        raise Unavailable(f"the database does not answer as {guards.role}: {guards.doubt}")
    if not guards.tables:
        raise Unavailable("no table has one of the [security] tenant_columns")
    for table in guards.tables:
        yield from _faults(table, guards)


def _faults(table: TenantTable, guards: TenantGuards) -> Iterator[Finding]:
    if not table.active:
        yield _finding(
            table,
            guards,
            f"row-level security of {table.name} does not bind {guards.role}",
            f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY;  -- and {guards.role} must not own it",
        )
        return
    for policy in table.policies:
        if not _names_tenant(policy, table.column):
            yield _finding(
                table,
                guards,
                f"the policy {policy.name} of {table.name} lets {guards.role} at rows of every tenant",
                f"DROP POLICY {policy.name} ON {table.name};  -- or let it compare {table.column}",
            )


def _names_tenant(policy: RowPolicy, column: str) -> bool:
    """Whether each of its expressions compares the column."""
    said = [words for words in (policy.using, policy.with_check) if words]
    return bool(said) and all(re.search(rf"\b{re.escape(column)}\b", words) for words in said)


def _finding(table: TenantTable, guards: TenantGuards, message: str, fix: str) -> Finding:
    shown = "\n".join(f"{one.name}: USING {one.using} CHECK {one.with_check}" for one in table.policies)
    statement = f"row_security_active('{table.name}') as {guards.role}"
    text = by_shape(f"active={table.active}\n{shown}".strip())
    return Finding(
        subject=table.name,
        message=message,
        evidence=(QueryResult(guards.database, statement, 1, text),),
        fix=fix,
    )
