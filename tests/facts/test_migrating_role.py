from dataclasses import replace

import psycopg
import pytest

from hotelctl.facts.migrating_role import MigratingRole, at_home
from hotelctl.facts.server_roles import quoted


def _role(name: str, major: int) -> MigratingRole:
    return MigratingRole(name, name, superuser=False, makes_roles=True, major=major, database_owner=name)


def test_who_makes_roles_before_16_gives_out_all_of_them() -> None:
    assert any("GRANT %I TO %I" in one for one in at_home(_role("o", 15), "d", 16))
    for live, here in ((15, 15), (16, 16), (16, 18)):
        assert not any("GRANT %I TO %I" in one for one in at_home(_role("o", live), "d", here))


def test_names_and_values_are_quoted() -> None:
    role = replace(_role('o"p', 18), extensions=(("a'b", 'c"d'),), settings=(("search_path", "e'f"),))
    said = "\n".join(at_home(role, 'd"b', 18))
    assert 'ALTER DATABASE "d""b" OWNER TO "o""p"' in said
    assert "extname = 'a''b' AND r.rolname = 'c\"d'" in said
    assert "set_config('search_path', 'e''f', true)" in said


@pytest.mark.database
def test_on_a_real_server_they_can_be_given_out_and_are_not_inherited(database_url: str) -> None:
    """A role that is a member of the one that gives is left out: it would be one of its own."""
    with psycopg.connect(database_url) as connection:
        name = connection.info.dbname
        for one in ("old", "other", "within"):
            connection.execute(f"CREATE ROLE {quoted(f'{one}_{name}')} CREATEROLE".encode())
        connection.execute(f"GRANT old_{name} TO within_{name}".encode())
        for statement in at_home(_role(f"old_{name}", 15), name, 18):
            connection.execute(statement.encode())
        found = connection.execute(
            "SELECT g.rolname, admin_option, inherit_option, set_option FROM pg_auth_members m "
            "JOIN pg_roles r ON r.oid = member JOIN pg_roles g ON g.oid = roleid WHERE r.rolname = %s",
            (f"old_{name}",),
        ).fetchall()
        connection.rollback()
    assert (f"other_{name}", True, False, False) in found
    assert not any(who.startswith("within") for who, *_ in found)
