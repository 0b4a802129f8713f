"""Operators on two machines: two checkouts with state of their own, one database, and the lease."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from hotelctl.deploy.journal import Kind
from tests.databases import fresh_database
from tests.services.checkout import commit_all
from tests.system.conftest import a_site
from tests.system.running import Running
from tests.system.site import Site
from tests.system.tidiness import serving

pytestmark = [pytest.mark.system, pytest.mark.database]

TERM_S = 15
PLANTED = "planted-word-of-a-url"


@pytest.fixture
def notes(database_server: str) -> Iterator[str]:
    """The service's own database."""
    with fresh_database(database_server) as url:
        yield url


@pytest.fixture
def state(database_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The database in which the operators meet."""
    with fresh_database(database_server) as url:
        monkeypatch.setenv("STATE_URL", with_password(url))
        yield url


def with_password(url: str) -> str:
    """The same place, entered with a word that nothing may show; the throw-away server asks for none."""
    return make_url(url).set(password=PLANTED).render_as_string(hide_password=False) if ":@" in url else url


@pytest.fixture
def machines(notes: str, state: str) -> Iterator[tuple[Site, Site]]:
    """Two of them."""
    assert state != notes
    with ExitStack() as stack:
        desk, laptop = (stack.enter_context(a_site(words="")) for _ in range(2))
        for site in (desk, laptop):
            (site.root / ".env.local").write_text(f"NOTES_DATABASE_URL={with_password(notes)}\n")
            file = site.root / "hotelctl.toml"
            here = "[environments.local]\n"
            text = file.read_text()
            assert here in text
            file.write_text(text.replace(here, here + 'state_url = "${STATE_URL}"\n'))
            commit_all(site.root, "Operators meet")
        yield desk, laptop


@contextmanager
def stopped(site: Site, step: str) -> Iterator[Running]:
    """A deploy of a further migration that stands still in `step`, as on a laptop that was closed."""
    site.migrate()
    running = Running.of(site, "deploy", "--yes")
    try:
        running.reach(step)
        running.send(signal.SIGSTOP)
        yield running
    finally:
        running.send(signal.SIGKILL)


def columns(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute("SELECT attname FROM pg_attribute WHERE attnum > 0")}


def files(state: Path) -> dict[str, bytes]:
    """What the environment is, but for what a program that is cut short removes of its own."""
    passing = {"workspace", "source"}
    kept = (path for path in state.rglob("*") if path.is_file() and passing.isdisjoint(path.parts))
    return {str(path): path.read_bytes() for path in kept if path.stat().st_size < 1_000_000}


def assert_told_elsewhere(desk: Site, laptop: Site) -> None:
    """The other machine tells two deploys and two rollbacks of this one, and each journal."""
    told = laptop.facts("history")
    assert [one["operation"] for one in told] == ["rollback", "rollback", "deploy", "deploy"]
    assert {one["outcome"] for one in told} == {"succeeded"}
    assert all("@" in one["by"] for one in told)
    assert len(laptop.facts("logs", told[0]["id"])) == len(desk.records())
    assert "flip" in laptop.run("logs", told[0]["id"]).expect(0).out


def shared_rows(state: str) -> str:
    """All that the operators share, as text."""
    with psycopg.connect(state) as connection:
        assert connection.execute("SELECT count(*) FROM hotelctl.releases").fetchone() == (2,)
        names = map(sql.Identifier, ("deployments", "records", "releases", "approvals", "lease"))
        asked = [sql.SQL("SELECT * FROM hotelctl.{}").format(name) for name in names]
        return "".join(str(connection.execute(one).fetchall()) for one in asked)


def test_a_stopped_deploy_loses_the_environment_and_changes_nothing_when_it_wakes(
    machines: tuple[Site, Site], notes: str
) -> None:
    desk, laptop = machines
    with stopped(laptop, "build") as asleep:
        began = time.monotonic()
        refused = desk.deploy().expect(73)
        assert "the environment is locked: deploy" in refused.err
        assert re.search(rf"\(pid {asleep.process.pid}, alive\), step (test|build), for", refused.err)
        assert desk.facts("lock", "status")["held"] is True
        desk.run("lock", "release").expect(73)
        assert serving(desk) is None
        taken = desk.deploy("--wait", "120").expect(0)
        assert "waiting up to 120 s for deploy" in taken.err
        assert time.monotonic() - began > TERM_S / 2
        before = columns(notes), files(laptop.state), laptop.records()
        assert "turn_1" not in before[0]
        asleep.send(signal.SIGCONT)
        ended = asleep.end().expect(73)
    assert "the environment was taken over by deploy" in ended.err
    assert "nothing more is done here" in ended.err
    assert laptop.records() == before[2]
    assert columns(notes) == before[0]
    assert {name: data for name, data in files(laptop.state).items() if name in before[1]} == before[1]
    assert serving(laptop) is None
    assert serving(desk) == desk.operations()[-1]
    assert laptop.records()[-1].fence < desk.records()[-1].fence
    laptop.run("abort").expect(0)
    assert "turn_1" not in columns(notes)


def test_a_database_of_state_that_is_away_or_lost_keeps_nobody_from_rolling_back(
    machines: tuple[Site, Site], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, laptop = machines
    desk.deploy().expect(0)
    first = serving(desk)
    desk.change()
    desk.deploy().expect(0)
    second = serving(desk)
    reached = os.environ["STATE_URL"]
    monkeypatch.setenv("STATE_URL", "postgresql://ana:secret-word@127.0.0.1:1/state")
    refused = desk.deploy().expect(10)
    assert "the lease in state at 127.0.0.1:1 cannot be had: no database server answers" in refused.err
    assert "held" in (told := json.loads(desk.run("lock", "status", "--format", "json").expect(0).out))
    assert told["held"] is None
    assert "unknown: who has the lease" in desk.run("status").expect(0).out
    desk.run("lock", "release").expect(3)
    rolled = desk.run("rollback", "--yes").expect(0)
    assert "warning: the lease in state at 127.0.0.1:1 cannot be had" in rolled.err
    assert serving(desk) == first
    everything = "".join(one.out + one.err for one in (refused, rolled)) + str(files(desk.root / "reports"))
    assert "secret-word" not in everything
    assert PLANTED not in everything
    assert "warning: no database server answers at 127.0.0.1:1" in rolled.err
    monkeypatch.setenv("STATE_URL", reached)
    assert desk.facts("lock", "status")["held"] is False
    assert [one["operation"] for one in laptop.facts("history")] == ["deploy", "deploy"]
    with psycopg.connect(state) as connection:
        connection.execute("DROP SCHEMA hotelctl CASCADE")
    assert laptop.facts("history") == []
    desk.run("rollback", "--to", str(second), "--yes").expect(0)
    assert_told_elsewhere(desk, laptop)
    rows = shared_rows(state)
    password = (desk.state / "secrets" / "role").read_text()
    assert [word for word in (PLANTED, password, "secret-word") if word in rows] == []


def test_a_killed_deploy_is_resumed_at_once_and_waited_for_elsewhere(machines: tuple[Site, Site]) -> None:
    desk, laptop = machines
    assert desk.run("deploy", "--yes", fault="after@6").code == -signal.SIGKILL
    refused = laptop.deploy().expect(73)
    assert "the environment is locked: deploy" in refused.err
    began = time.monotonic()
    running = Running.of(desk, "resume")
    running.reach(next(r.step for r in reversed(desk.records()) if r.kind is Kind.INTENT))
    assert time.monotonic() - began < TERM_S
    running.end().expect(0)
    assert serving(desk) == desk.operations()[-1]
