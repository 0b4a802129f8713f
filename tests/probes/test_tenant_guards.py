import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.checks.security.tenant_tables_enforce_row_security import tenant_tables_enforce_row_security
from hotelctl.facts.schema_text import BuiltSchema
from hotelctl.facts.tenant_guards import TenantGuards
from hotelctl.probes.tenant_guards import read_guards
from tests.checks import made
from tests.databases import entered_as
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.database
_TABLES = """
CREATE ROLE {role} LOGIN; CREATE ROLE {role}_other NOLOGIN;
CREATE SCHEMA own; CREATE TABLE own.notes (owner_id int); CREATE TABLE loose (id int);
ALTER TABLE own.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON own.notes TO {role} USING (owner_id = 1) WITH CHECK (owner_id = 1);
CREATE POLICY theirs ON own.notes TO {role}_other USING (true);
"""


@dataclass(frozen=True)
class Ground:
    databases: PostgresDatabases
    url: str
    role: str

    def run(self, sql: str) -> None:
        self.databases.execute(self.url, sql.format(role=self.role))

    def guards(self, role: str | None = "") -> TenantGuards:
        return read_guards(self.databases, self.url, self.role if role == "" else role, ["owner_id"])

    def found(self) -> list[str]:
        built = BuiltSchema("", "r1", "", guards=self.guards())
        return [one.message for one in made.judged(tenant_tables_enforce_row_security, built)]


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    evidence = FakeEvidence()
    processes = LocalProcesses(evidence, SystemClock(), os.environ)
    made_ground = Ground(
        PostgresDatabases(processes, evidence, SystemClock()), database_url, f"role_{secrets.token_hex(4)}"
    )
    made_ground.run(_TABLES)
    try:
        yield made_ground
    finally:
        made_ground.run("DROP OWNED BY {role}, {role}_other; DROP ROLE {role}, {role}_other")


def test_the_server_says_what_binds_the_role_and_which_policies_are_its(ground: Ground) -> None:
    (table,) = ground.guards().tables
    assert (table.name, table.column, table.active) == ("own.notes", "owner_id", True)
    assert [policy.name for policy in table.policies] == ["mine"]
    assert ground.found() == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("ALTER TABLE own.notes DISABLE ROW LEVEL SECURITY", "does not bind"),
        ("ALTER TABLE own.notes OWNER TO {role}", "does not bind"),
        ("ALTER ROLE {role} BYPASSRLS", "does not bind"),
        ("ALTER ROLE {role} SUPERUSER", "does not bind"),
        ("CREATE POLICY open ON own.notes TO PUBLIC USING (true)", "policy open"),
        ("GRANT {role}_other TO {role}", "policy theirs"),
        ("CREATE TABLE more (owner_id int)", "public.more"),
    ],
)
def test_each_way_around_it_is_found(ground: Ground, fault: str, words: str) -> None:
    ground.run(fault)
    (message,) = ground.found()
    assert words in message
    ground.run("ALTER ROLE {role} NOSUPERUSER")


def test_without_a_role_of_its_own_the_owner_is_asked_whom_nothing_binds(ground: Ground) -> None:
    guards = ground.guards(None)
    assert not guards.tables[0].active
    assert guards.role != ground.role


def test_a_role_that_is_not_there_is_a_doubt(ground: Ground) -> None:
    assert "nobody_there" in ground.guards("nobody_there").doubt


def test_an_owner_who_is_no_superuser_and_no_member_of_the_role_asks_as_well(ground: Ground) -> None:
    owner = f"{ground.role}_owner"
    ground.run(f"CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD 'p'; ALTER SCHEMA own OWNER TO {owner}")
    ground.run(f"ALTER TABLE own.notes OWNER TO {owner}")
    guards = replace(ground, url=entered_as(owner, "p", ground.url)).guards()
    ground.run(f"DROP OWNED BY {owner}; DROP ROLE {owner}")
    assert guards.doubt == ""
    assert [(one.name, one.active) for one in guards.tables] == [("own.notes", True)]
