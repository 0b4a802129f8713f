"""Migrations that need an extension which the embedded PostgreSQL lacks run on one in a container."""

import json
import os
import re
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hotelctl.adapters.contained import LABEL, MARK
from hotelctl.core.errors import Unavailable
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun
from tests.engine import BASE, POSTGRES
from tests.probes.lived import Lived, lived
from tests.system.site import Site

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

pytestmark = [pytest.mark.system, pytest.mark.engine]

_NEEDS = "CREATE EXTENSION IF NOT EXISTS citext;\n"
_SLOW = "SELECT pg_sleep(60);\n"
_PATIENCE_S = 60.0


@contextmanager
def _short() -> Iterator[Path]:
    """A socket's path is short, and the account that PostgreSQL runs under must get there."""
    with tempfile.TemporaryDirectory(prefix="c-") as place:
        yield Path(place)


@pytest.fixture
def one(engine: "DockerClient", database_server: str) -> Iterator[Lived]:
    """A live database whose extensions an engine must be asked for."""
    assert engine.ping()
    with _short() as place, lived(database_server, place, "SUPERUSER", shadow_image=POSTGRES) as made:
        yield made
    assert _of_pid(engine, os.getpid()) == [], "no container is left"


def _of_pid(engine: "DockerClient", pid: int) -> "list[Container]":
    """The containers that this process made."""
    made = engine.containers.list(all=True, ignore_removed=True, filters={"label": LABEL})
    return [each for each in made if each.labels[LABEL].split("_")[1] == f"{pid:x}"]


def _while(running: Callable[[], bool], engine: "DockerClient", pid: int) -> "Container":
    """The container of that process, in which a migration sleeps."""
    end = time.monotonic() + _PATIENCE_S
    while running() and time.monotonic() < end:
        for each in _of_pid(engine, pid):
            if (
                each.status == "running"
                and b"pg_sleep" in each.exec_run(["sh", "-c", _ASKS], user="postgres").output
            ):
                return each
        time.sleep(0.1)
    raise AssertionError("no migration was seen in a container")


_ASKS = "PGHOST=/hotelctl psql -XAtU hotelctl_scratch -d postgres -c 'SELECT query FROM pg_stat_activity'"


def test_they_are_watched_there_as_whoever_migrates_live(one: Lived) -> None:
    run = one.run(f"{_NEEDS}ALTER TABLE rooms ADD said citext;\nCREATE INDEX said_at ON rooms (said);")
    assert (run.stopped, run.unproven) == ("", "")
    # Not the wheel's own.
    assert int(run.server.partition(".")[0]) not in (16, 18)
    assert [each.hazard.table for each in run.of(HazardKind.INDEX_BUILD)] == ["public.rooms"]


def test_what_fails_there_is_the_migrations_own_fault(one: Lived) -> None:
    run = one.run(f"{_NEEDS}ALTER TABLE nowhere ADD said citext;")
    assert [each.hazard.detail for each in run.of(HazardKind.CANNOT_RUN)] == [
        'relation "nowhere" does not exist (42P01)'
    ]


def test_one_that_the_image_lacks_too_is_named(one: Lived) -> None:
    with pytest.raises(
        Unavailable, match=r"does not offer never_was \(migrations/0002.sql:1\).*lacks never_was"
    ):
        one.run("CREATE EXTENSION never_was;")


def test_an_image_that_is_missing_is_said_and_not_pulled(
    engine: "DockerClient", database_server: str
) -> None:
    assert engine.ping()
    with (
        _short() as place,
        lived(database_server, place, "SUPERUSER", shadow_image="nobody/has:1") as one,
        pytest.raises(
            Unavailable, match=r"no image nobody/has:1, and none is pulled unasked: docker pull nob"
        ),
    ):
        one.run(_NEEDS)


def test_an_image_without_postgresql_is_said(engine: "DockerClient", database_server: str) -> None:
    with (
        _short() as place,
        lived(database_server, place, "SUPERUSER", shadow_image=BASE) as one,
        pytest.raises(Unavailable, match=r"citext .*unable to find user postgres"),
    ):
        one.run(_NEEDS)
    assert _of_pid(engine, os.getpid()) == []


def _in_the_background(one: Lived, sql: str) -> tuple[threading.Thread, list[MigrationRun | Exception]]:
    ended: list[MigrationRun | Exception] = []

    def run() -> None:
        try:
            ended.append(one.run(sql))
        except Exception as trouble:  # noqa: BLE001 - it is what the test is about
            ended.append(trouble)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, ended


def test_a_container_that_ends_meanwhile_is_no_fault_of_the_migration(
    one: Lived, engine: "DockerClient"
) -> None:
    thread, ended = _in_the_background(one, _NEEDS + _SLOW)
    _while(thread.is_alive, engine, os.getpid()).kill()
    thread.join(_PATIENCE_S)
    (trouble,) = ended
    assert isinstance(trouble, Unavailable)
    # Whoever was connected is told first, by a connection that breaks; that is not what happened.
    lost = f"the container with PostgreSQL of {POSTGRES} was lost meanwhile: "
    assert re.search(rf"{re.escape(lost)}hotelctl-scratch-\S+ ended with exit code 137: ", trouble.reason)


class _Way:
    """A socket that leads to the engine, until it is closed."""

    def __init__(self, place: Path) -> None:
        self.path = place
        self._open: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(place))
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Nobody gets through any more."""
        self.path.unlink()
        for each in (self._listener, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                there = socket.socket(socket.AF_UNIX)
                there.connect("/var/run/docker.sock")
                self._open += [here, there]
                for source, sink in ((here, there), (there, here)):
                    threading.Thread(target=_carry, args=(source, sink), daemon=True).start()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def test_an_engine_that_ends_meanwhile_is_said_and_the_container_swept_later(
    engine: "DockerClient", database_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _short() as place:
        way = _Way(place / "engine.sock")
        monkeypatch.setenv("DOCKER_HOST", f"unix://{way.path}")
        with lived(database_server, place, "SUPERUSER", shadow_image=POSTGRES) as one:
            thread, ended = _in_the_background(one, f"{_NEEDS}SELECT pg_sleep(3);")
            _while(thread.is_alive, engine, os.getpid())
            way.close()
            thread.join(_PATIENCE_S)
        (trouble,) = ended
        assert isinstance(trouble, Unavailable)
        assert "was lost meanwhile: the container engine cannot be asked: no such file" in trouble.reason
        (left,) = _of_pid(engine, os.getpid())
        (mark,) = (place / "scratch").glob(f"*/*/{MARK}")
        assert mark.read_text().splitlines()[0] == left.name, "a later command finds it by this"
        left.remove(force=True, v=True)


def _db009(site: Site) -> dict[str, Any]:
    return _status(site, "DB009")


def _status(site: Site, check: str) -> dict[str, Any]:
    report = json.loads(site.run("validate", "--only", check, "--format", "json").out)
    (found,) = [one for section in report["sections"] for one in section["checks"]]
    return dict(found)


def _in_need(site: Site, sql: str) -> None:
    """Its service file names the image, and its newest migration needs it."""
    file = site.root / "hotelctl.toml"
    text = file.read_text()
    file.write_text(text.replace("[migrations]\n", f'[migrations]\nshadow_image = "{POSTGRES}"\n', 1))
    site.migrate(_NEEDS + sql)


def test_without_an_engine_it_is_unknown_and_with_one_judged(
    engine: "DockerClient", bare: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine.ping()
    _in_need(bare, "ALTER TABLE notes ADD said citext;\n")
    with monkeypatch.context() as patch:
        patch.setenv("DOCKER_HOST", f"unix://{bare.root}/none.sock")
        unknown = _db009(bare)
    assert unknown["status"] == "unknown"
    assert (
        "does not offer citext (migrations/0101_turn.sql:1), and no container stands in" in unknown["reason"]
    )
    assert _db009(bare)["status"] == "pass"
    assert _status(bare, "DB003")["status"] == "pass", (
        "it has no live database beside which it could be built"
    )


def test_what_kill_9_leaves_the_next_command_takes_away(engine: "DockerClient", bare: Site) -> None:
    _in_need(bare, _SLOW)
    process = bare.start("validate", "--only", "DB009")
    try:
        left = _while(lambda: process.poll() is None, engine, process.pid)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    assert left.id in {one.id for one in engine.containers.list(ignore_removed=True)}, (
        "nobody was there to take it away"
    )
    bare.run("validate", "--only", "DB001")
    assert left.id not in {one.id for one in engine.containers.list(all=True, ignore_removed=True)}
