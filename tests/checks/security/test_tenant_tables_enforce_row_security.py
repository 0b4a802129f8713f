import pytest

from hotelctl.checks.security.tenant_tables_enforce_row_security import tenant_tables_enforce_row_security
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding
from hotelctl.facts.schema_text import BuiltSchema
from hotelctl.facts.tenant_guards import RowPolicy, TenantGuards, TenantTable
from tests.checks import made

OWN = RowPolicy("tenant", "(owner_id = me())", "(owner_id = me())")


def found(table: TenantTable) -> list[Finding]:
    guards = TenantGuards("scratch", "app", (table,))
    return made.judged(tenant_tables_enforce_row_security, BuiltSchema("", "r1", "", guards=guards))


def test_a_guarded_table_is_fine_with_or_without_a_policy_for_the_role() -> None:
    assert not found(TenantTable("public.notes", "owner_id", active=True, policies=(OWN,)))
    assert not found(TenantTable("public.notes", "owner_id", active=True))


def test_one_that_does_not_bind_the_role_is_a_finding() -> None:
    (finding,) = found(TenantTable("public.notes", "owner_id", active=False, policies=(OWN,)))
    assert finding.message == "row-level security of public.notes does not bind app"
    assert finding.fix.startswith("ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;")


@pytest.mark.parametrize(
    ("using", "check"),
    [("true", ""), ("", "true"), ("(owner_id = me())", "true"), ("(not_owner_id = 1)", "")],
)
def test_a_policy_that_does_not_ask_for_the_tenant_is_a_finding(using: str, check: str) -> None:
    policies = (OWN, RowPolicy("open", using, check))
    (finding,) = found(TenantTable("public.notes", "owner_id", active=True, policies=policies))
    assert "the policy open of public.notes" in finding.message


@pytest.mark.parametrize(
    ("built", "trouble", "words"),
    [
        (BuiltSchema("no such table", None, ""), Unavailable, "do not run"),
        (BuiltSchema("", "r1", ""), NotApplicable, "tenant_columns"),
        (BuiltSchema("", "r1", "", guards=TenantGuards("s", "app")), Unavailable, "no table"),
        (BuiltSchema("", "r1", "", guards=TenantGuards("s", "app", doubt="no role")), Unavailable, "as app"),
    ],
)
def test_what_cannot_be_judged_is_not_green(built: BuiltSchema, trouble: type[Exception], words: str) -> None:
    with pytest.raises(trouble, match=words):
        made.judged(tenant_tables_enforce_row_security, built)
