import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.instances import LocalInstances
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_account import account
from hotelctl.core.errors import StepFailed, Unavailable, UsageError
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.database

_FAST = {"fsync": "off"}
_PATIENCE_S = 120


@pytest.fixture
def place() -> Iterator[Path]:
    """Short, because a socket's path has a limit, and below nobody else's closed directory."""
    with tempfile.TemporaryDirectory(prefix="e-") as directory:
        yield Path(directory)


@pytest.fixture
def server(place: Path) -> Iterator[EmbeddedPostgres]:
    one = EmbeddedPostgres(place / "state" / "postgres", _FAST)
    yield one
    one.stop()


def _ask(url: str, sql: bytes = b"SELECT 1") -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(sql).fetchone()
        return row[0] if row else None


def _do(url: str, sql: bytes) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(sql)


def _wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def _postmaster(pgdata: Path) -> int:
    return int((pgdata / "postmaster.pid").read_text().split()[0])


def test_it_is_made_started_found_again_stopped_and_keeps_its_data(
    server: EmbeddedPostgres, capfd: pytest.CaptureFixture[str]
) -> None:
    assert (server.running(), server.url()) == (False, None)
    url = server.ensure()
    _do(url, b"CREATE TABLE kept AS SELECT 42 AS x")
    before = _postmaster(server.pgdata)
    assert EmbeddedPostgres(server.pgdata).ensure() == url == server.url()
    assert _postmaster(server.pgdata) == before
    server.stop()
    server.stop()
    assert not server.running()
    assert _ask(server.ensure(), b"SELECT x FROM kept") == 42
    assert capfd.readouterr() == ("", "")


def test_nobody_reaches_it_over_the_network_or_as_another_user(server: EmbeddedPostgres) -> None:
    url = server.ensure()
    assert _ask(url, b"SHOW listen_addresses") == ""
    assert stat.S_IMODE((server.pgdata / ".s.PGSQL.5432").stat().st_mode) == 0o700
    assert stat.S_IMODE(server.pgdata.stat().st_mode) == 0o700
    assert _ask(url, b"SELECT datlocprovider::text FROM pg_database WHERE datname = 'postgres'") == "b"


_ENSURE = """
import sys
from pathlib import Path
from hotelctl.adapters.embedded import EmbeddedPostgres
print(EmbeddedPostgres(Path(sys.argv[1]), {"fsync": "off"}).ensure())
"""


def test_it_outlives_the_command_and_two_commands_at_once_get_one_server(server: EmbeddedPostgres) -> None:
    commands = [
        subprocess.Popen([sys.executable, "-c", _ENSURE, server.pgdata], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    urls = {command.communicate(timeout=_PATIENCE_S)[0].strip() for command in commands}
    assert len(urls) == 1
    assert server.running()
    assert _ask(urls.pop()) == 1


@pytest.mark.parametrize("after_s", [0.2, 0.5])
def test_a_command_killed_in_the_middle_leaves_nothing_that_stops_the_next(
    server: EmbeddedPostgres, after_s: float
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _ENSURE, server.pgdata], stdout=subprocess.DEVNULL
    ) as command:
        time.sleep(after_s)
        command.kill()
    assert _ask(server.ensure()) == 1
    assert not server.pgdata.with_name("postgres.part").exists()


def test_after_kill_9_of_the_server_it_recovers(server: EmbeddedPostgres) -> None:
    _do(server.ensure(), b"CREATE TABLE kept AS SELECT 7 AS x")
    os.kill(_postmaster(server.pgdata), signal.SIGKILL)
    # The signal is sent; on a busy machine the process may be there for a moment more.
    _wait(lambda: not server.running())
    assert _ask(server.ensure(), b"SELECT x FROM kept") == 7


def test_a_pid_file_whose_number_somebody_else_has_now_is_no_server(server: EmbeddedPostgres) -> None:
    server.ensure()
    lines = (server.pgdata / "postmaster.pid").read_text().splitlines()
    server.stop()
    with subprocess.Popen(["sleep", "3600"], user=account().uid) as stranger:
        (server.pgdata / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert not server.running()
        assert _ask(server.ensure()) == 1
        server.stop()
        assert stranger.poll() is None
        stranger.kill()


def test_a_path_too_long_for_a_socket_gets_one_elsewhere(place: Path) -> None:
    server = EmbeddedPostgres(place / ("d" * 60) / ("e" * 60) / "it's, so" / "postgres", _FAST)
    try:
        url = server.ensure()
        assert _ask(url) == 1
        socket = Path(url.partition("?host=")[2])
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert not socket.is_relative_to(place)
    finally:
        server.stop()
    assert not socket.exists()


def test_below_closed_directories_root_opens_the_way_through_but_not_the_view(place: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root runs it under another account")
    (place / "home" / "project").mkdir(parents=True)
    place.chmod(0o700)
    (place / "home").chmod(0o700)
    server = EmbeddedPostgres(place / "home" / "project" / "postgres", _FAST)
    try:
        assert _ask(server.ensure()) == 1
        assert stat.S_IMODE((place / "home").stat().st_mode) == 0o701
        assert server.pgdata.stat().st_uid == account().uid
    finally:
        server.stop()


def test_as_an_ordinary_user_it_runs_as_that_user(place: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("the other tests are that already")
    interpreter = Path(sys.executable).resolve()
    if not all(path.stat().st_mode & 0o001 for path in interpreter.parents):
        pytest.skip("another user cannot reach this Python")
    place.chmod(0o755)
    (place / "own").mkdir()
    os.chown(place / "own", 54_321, 54_321)
    project = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", "import pwd, os\n" + _ENSURE, place / "own" / "postgres"],
        user=54_321,
        group=54_321,
        extra_groups=[],
        cwd=project,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    if "could not look up effective user ID" in done.stderr:
        pytest.skip("there is no ordinary user on this machine")
    server = EmbeddedPostgres(place / "own" / "postgres")
    try:
        assert done.returncode == 0, done.stderr
        assert server.pgdata.stat().st_uid == 54_321
        assert server.running()
    finally:
        server.stop()


def test_a_directory_with_other_things_is_left_alone(place: Path) -> None:
    (place / "postgres").mkdir()
    (place / "postgres" / "mine").write_text("x")
    with pytest.raises(UsageError, match="is not empty and no PostgreSQL data directory"):
        EmbeddedPostgres(place / "postgres").ensure()
    assert (place / "postgres" / "mine").read_text() == "x"


def test_a_server_that_cannot_start_says_why(server: EmbeddedPostgres) -> None:
    server.ensure()
    server.stop()
    with (server.pgdata / "postgresql.conf").open("a") as handle:
        handle.write("nonsense_setting = 1\n")
    with pytest.raises(StepFailed, match=r'PostgreSQL does not start: .*"nonsense_setting"'):
        server.ensure()


def test_a_server_that_is_late_to_come_up_is_waited_for(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = '(sleep 2; exec "$0" "$@") >>"$POSTGRES_LOG" 2>&1 </dev/null & echo $!'
    monkeypatch.setattr("hotelctl.adapters.embedded._LAUNCH", late)
    assert _ask(server.ensure()) == 1


def test_a_copy_of_a_running_server_is_one_clear_line(server: EmbeddedPostgres, place: Path) -> None:
    url = server.ensure()
    copy = place / "copy" / "postgres"
    shutil.copytree(server.pgdata, copy, ignore=shutil.ignore_patterns(".s.*"))
    with pytest.raises(
        StepFailed, match=r"was copied from .*/state/postgres while its PostgreSQL runs"
    ) as told:
        EmbeddedPostgres(copy, _FAST).ensure()
    assert str(_postmaster(server.pgdata)) in told.value.message
    assert "\n" not in told.value.message
    assert EmbeddedPostgres(copy).running() is False
    EmbeddedPostgres(copy).stop()
    assert _ask(url) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="for others PostgreSQL runs under their own account")
def test_data_of_another_account_are_one_clear_line(server: EmbeddedPostgres) -> None:
    server.ensure()
    server.stop()
    os.chown(server.pgdata, 0, 0)
    with pytest.raises(StepFailed, match=r"does not belong to the account .* \(uid \d+\)$"):
        server.ensure()
    os.chown(server.pgdata, account().uid, account().gid)


def test_without_the_wheel_the_remedy_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotelctl.adapters.embedded.wheel_directory", lambda _major: None)
    with pytest.raises(Unavailable, match="set DATABASE_URL, or install"):
        EmbeddedPostgres(place / "postgres").ensure()


def test_a_wrong_password_is_told_from_a_dead_server(place: Path, databases: PostgresDatabases) -> None:
    port = LocalInstances(FakeEvidence(), SystemClock(), os.environ).free_port()
    network = {"listen_addresses": "127.0.0.1", "port": str(port)}
    server = EmbeddedPostgres(place / "postgres", {**_FAST, **network})
    try:
        url = f"{server.ensure()}&port={port}"
        databases.execute(url, "CREATE ROLE guest; CREATE ROLE stray LOGIN")
        databases.allow_login(url, "guest", "right-password")
        (server.pgdata / "pg_hba.conf").write_text(
            "local all postgres trust\nhost all guest 127.0.0.1/32 scram-sha-256\n"
        )
        read = "SELECT pg_conf_load_time()"
        before = databases.query(url, read).values
        databases.query(url, "SELECT pg_reload_conf()")
        # Whoever connects now knows what the server has read by now.
        _wait(lambda: databases.query(url, read).values != before)
        at = f"127.0.0.1:{port}/postgres"
        assert databases.query(f"postgresql://guest:right-password@{at}", "SELECT 1").values == ((1,),)
        with pytest.raises(Unavailable, match='refuses the password of "guest"'):
            databases.query(f"postgresql://guest:wrong-password@{at}", "SELECT 1")
        with pytest.raises(Unavailable, match='wants a password for "guest"'):
            databases.query(f"postgresql://guest@{at}", "SELECT 1")
        with pytest.raises(Unavailable, match=r'lets "stray" not in from here'):
            databases.query(f"postgresql://stray:x@{at}", "SELECT 1")
    finally:
        server.stop()
    with pytest.raises(Unavailable, match="connection refused"):
        databases.query(f"postgresql://guest:right-password@{at}", "SELECT 1")
