"""Throw-away databases that are like those of another server: its version, its roles, or a place on it."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.scratch import Scratch
from hotelctl.core.errors import Unavailable
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.database

_MAJOR = "SELECT current_setting('server_version_num')::int / 10000"
_LEFT = "SELECT datname FROM pg_database WHERE datname LIKE 'hotelctl%scratch%' ORDER BY 1"


@pytest.fixture(scope="module")
def older() -> Iterator[str]:
    """The URL of a server of the older version, which has a role of its own."""
    with tempfile.TemporaryDirectory(prefix="e-") as place:
        server = EmbeddedPostgres(Path(place) / "pgdata16", {"fsync": "off"}, major=16)
        try:
            yield server.ensure()
        finally:
            server.stop()


@pytest.fixture
def scratch(databases: PostgresDatabases, database_url: str) -> Iterator[Scratch]:
    """It has the tests' server, and a short place for its own."""
    with tempfile.TemporaryDirectory(prefix="s-") as place:
        with Scratch(databases, database_url, Path(place) / "scratch") as one:
            yield one
        assert list(Path(place).iterdir()) == []
        # Of several servers each: one whose data are gone can be found no more.
        assert [one for one in psutil.process_iter(["cmdline"]) if _names(one.info["cmdline"], place)] == []


def _names(words: list[str] | None, place: str) -> bool:
    return any(place in word for word in words or ())


def _major(databases: PostgresDatabases, url: str) -> int:
    return int(databases.query(url, _MAJOR).values[0][0])


def test_the_version_is_the_one_near_to_the_given_server_and_its_roles_are_there(
    databases: PostgresDatabases, older: str, database_url: str, scratch: Scratch
) -> None:
    databases.execute(older, 'CREATE ROLE "Of the older"')
    asked = "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'Of the older'"
    with scratch.apart("shadow", roles_of=older) as url:
        assert Address(url).server != Address(older).server
        assert _major(databases, url) == 16
        assert databases.query(url, asked).values == ((True, False, False),)
        with scratch.apart("shadow", roles_of=database_url) as second:
            assert _major(databases, second) == _major(databases, database_url)
            assert databases.query(second, asked).values == ()
    assert databases.query(older, _LEFT).values == ()


def test_where_no_server_is_given_it_is_the_newest_with_the_usual_superuser_alone(
    databases: PostgresDatabases, scratch: Scratch
) -> None:
    with scratch.apart("shadow") as url:
        assert _major(databases, url) == 18
        roles = "SELECT rolname, rolsuper FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1"
        assert databases.query(url, roles).values == (("hotelctl_scratch", True), ("postgres", True))


def test_they_may_do_there_what_they_may_do_on_their_own_server(
    databases: PostgresDatabases, older: str, scratch: Scratch
) -> None:
    """Also where an earlier shadow's migrations left something else."""
    asked = """
    SELECT r.rolname, r.rolsuper, r.rolcreaterole, r.rolinherit, array_agg((g.rolname, m.admin_option,
      m.inherit_option, m.set_option)::text ORDER BY g.rolname) FROM pg_roles r
    LEFT JOIN pg_auth_members m ON m.member = r.oid LEFT JOIN pg_roles g ON g.oid = m.roleid
    WHERE r.rolname IN ('makes', 'reads', 'postgres', 'late') GROUP BY 1, 2, 3, 4 ORDER BY 1"""
    databases.execute(
        older,
        "CREATE ROLE reads; CREATE ROLE makes CREATEROLE NOINHERIT;"
        "GRANT reads TO makes WITH ADMIN TRUE, INHERIT FALSE; GRANT pg_monitor TO reads",
    )
    with scratch.apart("shadow", roles_of=older) as url:
        there = databases.query(older, asked).values
        assert databases.query(url, asked).values == there
        databases.execute(
            url, "CREATE ROLE late; GRANT late TO reads; ALTER ROLE reads SUPERUSER; REVOKE reads FROM makes"
        )
    with scratch.apart("shadow", roles_of=older) as url:
        assert databases.query(url, asked).values == there


def test_roles_are_copied_once_however_often_it_is_asked(
    databases: PostgresDatabases, older: str, scratch: Scratch
) -> None:
    databases.execute(older, "CREATE ROLE passes BYPASSRLS")
    for _ in range(2):
        with scratch.apart("shadow", roles_of=older) as url:
            asked = "SELECT rolbypassrls FROM pg_roles WHERE rolname = 'passes'"
            assert databases.query(url, asked).values == ((True,),)


def test_on_a_server_that_is_named_it_is_made_there_and_gone_afterwards(
    databases: PostgresDatabases, older: str, scratch: Scratch
) -> None:
    with scratch.on(older, "shadow") as url:
        assert Address(url).server == Address(older).server
        assert databases.query(older, _LEFT).values == ((Address(url).database,),)
    with pytest.raises(ZeroDivisionError), scratch.on(older, "shadow"):
        raise ZeroDivisionError
    assert databases.query(older, _LEFT).values == ()


_KILLED = """
import os, sys, signal
from pathlib import Path
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.scratch import Scratch
from hotelctl.core.redact import Redactor
clock = SystemClock()
log = Unrecorded(Redactor(), clock)
databases = PostgresDatabases(LocalProcesses(log, clock, os.environ), log, clock)
scratch = Scratch(databases, None, Path(sys.argv[2]))
here = scratch.on(sys.argv[3], "x") if sys.argv[1] == "on" else scratch.apart("x", roles_of=sys.argv[3])
with here:
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _killed(how: str, root: Path, server: str) -> None:
    subprocess.run([sys.executable, "-c", _KILLED, how, root, server], check=False, timeout=60)


def test_what_kill_9_left_there_is_swept_by_the_next_and_what_is_another_s_is_not(
    databases: PostgresDatabases, older: str, scratch: Scratch, tmp_path: Path
) -> None:
    _killed("on", tmp_path / "scratch", older)
    assert len(databases.query(older, _LEFT).values) == 1
    elsewhere = databases.create(older, "hotelctl_scratch_x_000000_1_1_abcd")
    with scratch.on(older, "shadow") as url:
        there = sorted((Address(elsewhere).database, Address(url).database))
        assert [name for (name,) in databases.query(older, _LEFT).values] == there
    databases.drop(older, Address(elsewhere).database)


def test_an_older_server_that_kill_9_left_is_stopped_and_its_data_are_gone(
    databases: PostgresDatabases, older: str
) -> None:
    with tempfile.TemporaryDirectory(prefix="s-") as place:
        root = Path(place) / "scratch"
        _killed("apart", root, older)
        (left,) = root.glob("*/roles16")
        server = EmbeddedPostgres(left, major=16)
        assert server.running()
        Scratch(databases, None, root).sweep()
        assert not server.running()
        assert not left.parent.exists()


def test_a_named_server_that_does_not_answer_is_said(scratch: Scratch) -> None:
    with (
        pytest.raises(Unavailable, match="connection refused"),
        scratch.on("postgresql://u@127.0.0.1:1/d", "shadow"),
    ):
        pass


_THERE = "SELECT count(*)::int FROM pg_roles WHERE rolname = 'made_inside'"


def test_what_one_makes_of_roles_is_there_to_its_end_and_gone_for_the_next(
    databases: PostgresDatabases, database_url: str, scratch: Scratch
) -> None:
    """Also for those in the same thread, for those that need no roles, and while a server is prepared."""
    entered, seen = threading.Event(), list[object]()

    def other() -> None:
        with scratch.apart("second", roles_of=database_url) as url:
            entered.set()
            seen.append(databases.query(url, _THERE).values[0][0])

    with scratch.apart("first", roles_of=database_url) as url:
        databases.execute(url, "CREATE ROLE made_inside")
        thread = threading.Thread(target=other, daemon=True)
        thread.start()
        with scratch.apart("plain"), scratch.apart("within", roles_of=database_url):
            scratch.prepare(roles_of=database_url)
            assert databases.query(url, _THERE).values == ((1,),)
        assert not entered.wait(0.5)
    thread.join(60)
    assert seen == [0]


def test_roles_that_were_copied_ahead_are_not_copied_again_for_the_one_that_comes_next(
    databases: PostgresDatabases, database_url: str, scratch: Scratch, evidence: FakeEvidence
) -> None:
    def copied() -> int:
        return sum("rolinherit" in str(one.get("statement")) for one in evidence.of("postgres"))

    scratch.prepare(roles_of=database_url)
    assert copied() == 1
    with scratch.apart("first", roles_of=database_url) as url:
        assert copied() == 1
        databases.execute(url, "CREATE ROLE made_inside")
    with scratch.apart("second", roles_of=database_url) as url:
        assert copied() == 2, "whatever the first one did to them is gone"
        assert databases.query(url, _THERE).values == ((0,),)
        databases.execute(url, "CREATE ROLE made_inside")
        scratch.prepare(roles_of=database_url)
    with scratch.apart("third", roles_of=database_url) as url:
        assert copied() == 3, "the same, though somebody prepared meanwhile"
        assert databases.query(url, _THERE).values == ((0,),)
