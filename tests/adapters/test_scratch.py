import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.contained import Containers
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.scratch import Scratch
from hotelctl.core.errors import Unavailable
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.database

_LIST = "SELECT datname FROM pg_database WHERE datname LIKE 'hotelctl%scratch%' ORDER BY 1"


def _left(databases: PostgresDatabases, url: str) -> list[str]:
    return [name for (name,) in databases.query(url, _LIST).values]


def _servers(root: Path) -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = place.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(root) in line and "postgres" in line.partition("\0")[0]:
            found.append(line)
    return found


@pytest.fixture
def poor(databases: PostgresDatabases, database_url: str) -> Iterator[str]:
    """A role that may log in and nothing else."""
    name = f"p_{Address(database_url).database[-12:]}"
    databases.execute(database_url, f"CREATE ROLE {name} LOGIN PASSWORD 'a-password'")
    parts = urlsplit(database_url)
    yield parts._replace(netloc=f"{name}:a-password@{parts.netloc.rpartition('@')[2]}").geturl()
    databases.execute(database_url, f"DROP ROLE {name}")


def test_beside_the_service_s_database_and_gone_afterwards(
    databases: PostgresDatabases, database_url: str, tmp_path: Path
) -> None:
    scratch = Scratch(databases, database_url, tmp_path / "scratch")
    with scratch.scratch("Prove the backup!") as url:
        name = Address(url).database
        assert name.startswith("hotelctl_scratch_provetheback_")
        assert len(name) <= 63
        databases.execute(url, "CREATE TABLE t ()")
        assert Address(url).server == Address(database_url).server
        with scratch.scratch("test") as second:
            assert second != url
    assert _left(databases, database_url) == []
    assert not (tmp_path / "scratch").exists()


def test_gone_also_when_the_work_fails(
    databases: PostgresDatabases, database_url: str, tmp_path: Path
) -> None:
    with pytest.raises(ZeroDivisionError), Scratch(databases, database_url, tmp_path).scratch("x"):
        raise ZeroDivisionError
    assert _left(databases, database_url) == []


def test_without_any_server_a_throw_away_one_serves_and_nothing_is_left(
    databases: PostgresDatabases, tmp_path: Path
) -> None:
    root = tmp_path / "scratch"
    with Scratch(databases, None, root) as scratch:
        for _ in range(2):
            with scratch.scratch("test") as url:
                databases.execute(url, "CREATE TABLE t ()")
        assert len(_servers(root)) == 1
    assert _servers(root) == []
    assert not root.exists()


def test_a_role_that_may_not_create_gets_a_server_of_its_own_with_the_same_roles(
    databases: PostgresDatabases, poor: str, tmp_path: Path
) -> None:
    with Scratch(databases, poor, tmp_path / "scratch") as scratch, scratch.scratch("prove") as url:
        assert Address(url).server != Address(poor).server
        asked = "SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = %s"
        assert databases.query(url, asked, (Address(poor).user,)).values == ((True, False),)


def test_a_dead_server_is_said_and_not_replaced(databases: PostgresDatabases, tmp_path: Path) -> None:
    scratch = Scratch(databases, "postgresql://u:p@127.0.0.1:1/d", tmp_path / "scratch")
    scratch.sweep()
    with pytest.raises(Unavailable, match="connection refused"), scratch.scratch("x"):
        pass
    assert not (tmp_path / "scratch").exists()


_KILLED = """
import os, sys, signal
from pathlib import Path
from urllib.parse import urlsplit
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.contained import Containers
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.scratch import Scratch
from hotelctl.core.redact import Redactor
clock = SystemClock()
log = Unrecorded(Redactor(), clock)
databases = PostgresDatabases(LocalProcesses(log, clock, os.environ), log, clock)
with Scratch(databases, sys.argv[1] or None, Path(sys.argv[2])).scratch("killed"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_kill_9_left_is_swept_and_what_lives_is_not(
    databases: PostgresDatabases, database_url: str, tmp_path: Path
) -> None:
    root = tmp_path / "scratch"
    for server in (database_url, ""):
        subprocess.run([sys.executable, "-c", _KILLED, server, root], check=False, timeout=60)
    assert len(_left(databases, database_url)) == 1
    assert len(_servers(root)) == 1
    elsewhere = databases.create(database_url, "hotelctl_scratch_x_000000_1_1_abcd")
    with Scratch(databases, database_url, root).scratch("alive") as url:
        Scratch(databases, database_url, root).sweep()
        assert _left(databases, database_url) == sorted([Address(elsewhere).database, Address(url).database])
        assert _servers(root) == []
    databases.drop(database_url, Address(elsewhere).database)
    assert list(root.glob("*")) == []


def test_everything_is_recorded(
    evidence: FakeEvidence, processes: LocalProcesses, database_url: str, tmp_path: Path
) -> None:
    databases = PostgresDatabases(processes, evidence, SystemClock())
    with Scratch(databases, database_url, tmp_path).scratch("x"):
        pass
    assert [record["operation"] for record in evidence.of("postgres")][-2:] == ["create", "drop"]


def test_a_database_apart_is_never_on_the_given_server(
    databases: PostgresDatabases, database_url: str, tmp_path: Path
) -> None:
    with Scratch(databases, database_url, tmp_path / "scratch") as scratch, scratch.apart("tests") as url:
        assert Address(url).server != Address(database_url).server
        server = databases.query(url, "SELECT current_setting('server_version')").values[0][0]
        assert str(server).partition(".")[0] == str(scratch.major(18))
        assert _left(databases, database_url) == []
        assert len(_servers(tmp_path / "scratch")) == 1
    assert not (tmp_path / "scratch").exists()


def test_one_for_later_starts_no_server_before_somebody_asks_it(
    databases: PostgresDatabases, tmp_path: Path
) -> None:
    root = tmp_path / "scratch"
    with Scratch(databases, None, root) as scratch:
        with scratch.later("validate") as later:
            told = later.url
            assert Address(told).database.startswith("hotelctl_scratch_validate_")
            assert not root.exists()
        assert not root.exists()
        with scratch.later("validate") as later:
            name, url = Address(later.url).database, later.made()
            assert Address(url).database == name, "its name was told before anything was there"
            assert databases.query(url, "SELECT 1").values == ((1,),)
            assert len(_servers(root)) == 1
        assert _left(databases, scratch._own_server(None)) == []
    assert not root.exists()


def test_where_the_wheel_s_lacks_an_extension_it_is_known_that_a_container_was_asked(
    databases: PostgresDatabases, tmp_path: Path
) -> None:
    nowhere = Containers({"DOCKER_HOST": f"unix://{tmp_path}/nowhere.sock"}, FakeEvidence())
    with Scratch(databases, None, tmp_path / "scratch", containers=nowhere) as scratch:
        with scratch.scratch("x", offering=("plpgsql",)):
            assert not scratch.in_a_container
        with pytest.raises(Unavailable), scratch.scratch("x", offering=("postgis",)):
            pass
        assert scratch.in_a_container
