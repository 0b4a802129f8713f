"""Looking at an environment through its files: journals, what is frozen, the lock."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.chained import ChainedFile
from hotelctl.cli import _looking
from hotelctl.cli._looking import history, lock_status, logs, status
from hotelctl.cli._reach import Machinery
from hotelctl.cli._session import passed_over
from hotelctl.cli._wiring import Asked, configure
from hotelctl.cli.logs import logs as print_logs
from hotelctl.config.pinned import pin
from hotelctl.core.errors import Diverged, UsageError
from hotelctl.deploy.journal import Journal, Kind
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.release import Release
from hotelctl.render.facts import Rows
from tests.config.test_load import MINIMAL
from tests.fakes.clock import FakeClock
from tests.fakes.http import FakeHttp
from tests.fakes.target import FakeTarget, Ground, Instance

ASKED = Asked(None, "local")
RELEASE = Release("d1", "1.0", "a" * 40, "artifact/x.whl", "0", None, {})
READY = "http://127.0.0.1:20001/ready"
EDGE = "http://127.0.0.1:8123/version"
HEADER = {"user": "ana", "host": "desk", "port": 8080}
_BOTH = "hotelctl resume goes on, hotelctl abort takes it back"


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A project in which nothing was ever deployed."""
    (tmp_path / "hotelctl.toml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    return Layout(tmp_path / ".hotelctl" / "local")


@pytest.fixture
def http(monkeypatch: pytest.MonkeyPatch) -> FakeHttp:
    """What releases answer."""
    made = FakeHttp()
    made.answer("GET", READY, 200)
    made.answer("GET", EDGE, 200, {"commit": RELEASE.commit})
    monkeypatch.setattr(_looking, "unrecorded_http", lambda: made)
    return made


def machines(monkeypatch: pytest.MonkeyPatch, *, supervisor: bool, edge: bool) -> None:
    found = Machinery(supervisor, edge, 8123)
    monkeypatch.setattr(_looking, "machinery", lambda _: found)


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch, http: FakeHttp) -> Ground:
    """What the target shows."""
    machines(monkeypatch, supervisor=True, edge=True)
    assert not http.requests
    made = Ground()
    monkeypatch.setattr(_looking, "ProcessTarget", lambda *_: FakeTarget(made))
    return made


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def held(layout: Layout) -> Iterator[None]:
    """Somebody holds the lock."""
    lock = _looking._lock(configure(ASKED))
    lock.acquire("deploy", "d9")
    assert layout.state.exists()
    yield
    lock.release()


def wrote(layout: Layout, clock: FakeClock, name: str, *said: tuple[str, Kind, dict[str, Any]]) -> None:
    """The journal of a deploy called `name`, a second a record."""
    journal = Journal(ChainedFile(layout.journal(name)), clock, fence=1)
    journal.append("", Kind.NOTE, {"operation": "deploy", "id": name, **HEADER})
    for step, kind, data in said:
        clock.advance(1)
        journal.append(step, kind, data)


def deployed(layout: Layout, clock: FakeClock, name: str, *, kind: str = "deploy") -> None:
    wrote(
        layout,
        clock,
        name,
        ("", Kind.NOTE, {}),
        ("switch", Kind.EFFECT, {"to": RELEASE.id}),
        ("switch", Kind.DONE, {"summary": f"{kind} flipped"}),
        ("", Kind.OUTCOME, {"outcome": "succeeded"}),
    )


def freeze(layout: Layout) -> None:
    layout.frozen().parent.mkdir(parents=True, exist_ok=True)
    layout.frozen().write_text(
        json.dumps({"operation": "d1", "step": "switch", "reason": "stuck", "at": "x"})
    )


def shown(rows: Rows) -> dict[str, Any]:
    return {row["what"]: row["value"] for row in rows.shown}


def test_where_nothing_was_deployed_looking_writes_nothing(layout: Layout, tmp_path: Path) -> None:
    facts = status(ASKED)
    assert shown(facts) == facts.raw
    assert facts.raw == {
        "service": "plain",
        "environment": "local",
        "url": "http://127.0.0.1:8080",
        "serving": "nothing",
        "lock": "free",
    }
    assert history(ASKED).raw == []
    assert lock_status(ASKED).raw == {"held": False}
    with pytest.raises(UsageError, match=r"^there is no operation$") as refused:
        logs(ASKED, None)
    assert refused.value.hint == "the newest: none yet"
    assert not layout.state.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["hotelctl.toml"]


def test_status_says_what_serves_since_when_and_by_whom(
    layout: Layout, clock: FakeClock, ground: Ground
) -> None:
    ground.active, ground.instances = "d1", {"d1": Instance(RELEASE, 20_001, {}, restarts=2)}
    deployed(layout, clock, "d1")
    raw = status(ASKED).raw
    assert raw["serving"] == "1.0-aaaaaaaaaaaa, deployed as d1"
    assert raw["commit"] == "a" * 40
    assert raw["since"] == "2026-03-01T12:00:03Z by ana (deploy d1)"
    assert (raw["process"], raw["ready"], raw["restarts"]) == ("runs", True, 2)
    assert (raw["reachable"], raw["supervisor"]) == (True, "runs")
    assert not {"open", "unready", "unreachable", "way out", "damaged"} & set(raw)


@pytest.mark.usefixtures("layout")
def test_a_release_that_nobody_reaches_is_not_just_ready(
    ground: Ground, http: FakeHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.active, ground.instances = "d1", {"d1": Instance(RELEASE, 20_001, {})}
    http.forget()
    http.answer("GET", READY, 200)
    machines(monkeypatch, supervisor=False, edge=False)
    facts = status(ASKED)
    raw = facts.raw
    assert (raw["process"], raw["ready"], raw["reachable"]) == ("runs", True, False)
    assert (raw["unreachable"], raw["supervisor"]) == ("nothing listens on port 8123", "does not run")
    assert raw["way out"] == "hotelctl deploy starts what does not run"
    assert shown(facts) == raw


def test_status_asks_it_at_the_paths_that_it_was_built_with(
    layout: Layout, ground: Ground, http: FakeHttp
) -> None:
    ground.active, ground.instances = "d1", {"d1": Instance(RELEASE, 20_001, {})}
    built = configure(ASKED).spec
    paths = built.health.model_copy(update={"ready": "/old-ready", "version": "/old-version"})
    kept = layout.pinned("d1")
    kept.parent.mkdir(parents=True)
    kept.write_bytes(pin(built.model_copy(update={"health_": paths})))
    http.forget()
    http.answer("GET", "http://127.0.0.1:20001/old-ready", 200)
    http.answer("GET", "http://127.0.0.1:8123/old-version", 200, {"commit": RELEASE.commit})
    raw = status(ASKED).raw
    assert (raw["ready"], raw["reachable"]) == (True, True)
    kept.write_bytes(b"{")
    http.answer("GET", READY, 200)
    http.answer("GET", EDGE, 200, {"commit": RELEASE.commit})
    raw = status(ASKED).raw
    assert (raw["ready"], raw["reachable"]) == (True, True)


@pytest.mark.usefixtures("layout")
def test_after_a_stop_it_says_so_and_what_puts_it_into_service_again(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.active, ground.instances = "d1", {"d1": Instance(RELEASE, 20_001, {}, alive=False)}
    machines(monkeypatch, supervisor=False, edge=False)
    raw = status(ASKED).raw
    assert raw["serving"] == "nothing: 1.0-aaaaaaaaaaaa, deployed as d1, is stopped"
    assert (raw["ready"], raw["reachable"], raw["supervisor"]) == (False, False, "does not run")
    assert raw["way out"] == "hotelctl deploy puts it into service again"


@pytest.mark.parametrize(
    ("took_s", "said"), [(0.1, "/ready: 503 schema_behind"), (9, "/ready: no answer within 2 s")]
)
def test_status_asks_the_release_that_serves_whether_it_is_ready(
    layout: Layout, ground: Ground, http: FakeHttp, took_s: float, said: str
) -> None:
    ground.active, ground.instances = "d1", {"d1": Instance(RELEASE, 20_001, {})}
    http.forget()
    http.answer("GET", READY, 503, "schema_behind", duration_s=took_s)
    facts = status(ASKED)
    assert (facts.raw["process"], facts.raw["ready"], facts.raw["unready"]) == ("runs", False, said)
    assert shown(facts) == facts.raw
    assert not layout.state.exists()


def test_since_is_the_newest_switch_to_it(layout: Layout, clock: FakeClock, ground: Ground) -> None:
    ground.active, ground.instances = "d1", {"d1": Instance(RELEASE, 20_001, {})}
    assert status(ASKED).raw["since"] == "unknown: no journal tells of the switch"
    deployed(layout, clock, "d1")
    clock.advance(3600)
    deployed(layout, clock, "d2")
    wrote(layout, clock, "d3", ("switch", Kind.EFFECT, {"to": "d1"}), ("switch", Kind.FAIL, {"message": "m"}))
    assert status(ASKED).raw["since"].endswith("(deploy d2)")


def test_status_says_what_is_dead_diverged_open_frozen_and_locked(
    layout: Layout, clock: FakeClock, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.active = "d1"
    ground.instances = {"d1": Instance(RELEASE, 20_001, {}, alive=False, exit_code=3)}
    wrote(layout, clock, "d2", ("build", Kind.INTENT, {}))
    freeze(layout)
    lock = _looking._lock(configure(ASKED))
    lock.acquire("deploy", "d2")
    raw = status(ASKED).raw
    lock.release()
    assert (raw["process"], raw["ready"]) == ("does not run (exit code 3)", False)
    assert raw["open"] == f"deploy d2 at step build; {_BOTH}"
    assert raw["frozen"] == "stuck"
    assert raw["lock"].startswith("deploy d2 by ")
    assert ", alive), step none yet" in raw["lock"]

    def diverged(_target: FakeTarget) -> None:
        raise Diverged("the pointer names a port of nobody")

    monkeypatch.setattr(FakeTarget, "serving", diverged)
    raw = status(ASKED).raw
    assert raw["serving"] == "diverged: the pointer names a port of nobody"
    assert "hotelctl resolve" in raw["way out"]


def test_status_says_between_which_steps_an_open_one_stands(layout: Layout, clock: FakeClock) -> None:
    wrote(layout, clock, "d1")
    assert status(ASKED).raw["open"] == f"deploy d1 before lock; {_BOTH}"
    steps = ("lock", "preflight", "test", "build")
    wrote(layout, clock, "d2", *((step, kind, {}) for step in steps for kind in (Kind.INTENT, Kind.DONE)))
    assert status(ASKED).raw["open"] == f"deploy d2 between build and backup; {_BOTH}"
    back = {"operation": "rollback", "user": "ana"}
    journal = Journal(ChainedFile(layout.journal("d3")), clock, fence=1)
    for step, kind, data in (("", Kind.NOTE, back), ("lock", Kind.INTENT, {}), ("lock", Kind.DONE, {})):
        journal.append(step, kind, data)
    assert status(ASKED).raw["open"] == f"rollback d3 between lock and choose; {_BOTH}"


def test_status_names_no_way_that_would_be_refused(layout: Layout, clock: FakeClock) -> None:
    wrote(layout, clock, "d1", ("switch", Kind.INTENT, {}), ("switch", Kind.DONE, {}))
    open_one = status(ASKED).raw["open"]
    assert "it can only go on: hotelctl resume" in open_one
    assert "abort" not in open_one


def test_status_never_calls_nothing_what_should_serve(
    layout: Layout, clock: FakeClock, ground: Ground
) -> None:
    assert ground.active is None
    deployed(layout, clock, "d1")
    assert status(ASKED).raw["serving"] == "diverged: the edge points nowhere, but d1 serves by the journals"


def test_history_is_newest_first_with_what_failed_where(layout: Layout, clock: FakeClock) -> None:
    deployed(layout, clock, "d1")
    failed = {"message": "no compiler", "hint": ""}
    wrote(
        layout,
        clock,
        "d2",
        ("build", Kind.FAIL, failed),
        ("", Kind.OUTCOME, {"outcome": "stopped"}),
    )
    wrote(layout, clock, "d3", ("build", Kind.INTENT, {}))
    rows = history(ASKED)
    lines = [(row["id"], row["outcome"], row["failed"], row["seconds"]) for row in rows.shown]
    assert lines == [
        ("d3", "unfinished", "", 1.0),
        ("d2", "stopped", "build", 2.0),
        ("d1", "succeeded", "", 4.0),
    ]
    assert [one["failure"] for one in rows.raw] == ["", "no compiler", ""]
    assert rows.raw[0]["header"]["host"] == "desk"
    assert json.loads(json.dumps(rows.raw)) == rows.raw


def test_logs_are_the_records_of_one_journal(layout: Layout, clock: FakeClock) -> None:
    deployed(layout, clock, "d1")
    wrote(layout, clock, "d2", ("build", Kind.FAIL, {"message": "no compiler"}), ("x", Kind.EFFECT, {"n": 1}))
    rows = logs(ASKED, None)
    assert [(row["seq"], row["step"], row["kind"]) for row in rows.shown] == [
        (1, "-", "note"),
        (2, "build", "fail"),
        (3, "x", "effect"),
    ]
    told = [row["what"] for row in logs(ASKED, None).shown]
    assert told == ["host=desk, id=d2, operation=deploy, port=8080, user=ana", "no compiler", "n=1"]
    assert next(row["time"] for row in logs(ASKED, None).shown) == "12:00:04.000"
    assert [record["seq"] for record in rows.raw] == [1, 2, 3]
    assert [row["what"] for row in logs(ASKED, "d1").shown][-2:] == ["deploy flipped", "succeeded"]
    with pytest.raises(UsageError, match="there is no operation d7") as refused:
        logs(ASKED, "d7")
    assert refused.value.hint == "the newest: d1, d2"


@pytest.mark.usefixtures("held")
def test_the_lock_names_its_holder_while_held_and_afterwards(layout: Layout) -> None:
    raw = lock_status(ASKED).raw
    assert raw["held"] is True
    assert "deploy d9 by " in raw["holder"]
    assert raw["fence"] == 1
    assert layout.state.exists()


def test_a_lock_that_was_given_back_names_its_last_holder(layout: Layout) -> None:
    lock = _looking._lock(configure(ASKED))
    lock.acquire("deploy", "d9")
    lock.release()
    raw = lock_status(ASKED).raw
    assert (raw["held"], "no longer alive" in raw["last holder"]) == (False, True)
    assert status(ASKED).raw["lock"] == "free"
    assert layout.state.exists()


def damage(layout: Layout, name: str) -> None:
    path = layout.journal(name)
    path.write_bytes(path.read_bytes().replace(b"ana", b"bob", 1))


def test_who_only_looks_goes_on_and_names_a_damaged_journal(layout: Layout, clock: FakeClock) -> None:
    for name in ("d1", "d2"):
        deployed(layout, clock, name)
    damage(layout, "d1")
    why = "the journal of d1 is damaged: line 2: does not follow the line before it"
    assert status(ASKED).raw["damaged"] == why
    rows = history(ASKED)
    assert [(row["id"], row["outcome"], row["failed"]) for row in rows.shown] == [
        ("d2", "succeeded", ""),
        ("d1", "damaged", why),
    ]
    assert [one["failure"] for one in rows.raw] == ["", why]
    newest = logs(ASKED, None)
    assert (newest.warnings, len(newest.raw)) == ((why,), 5)
    broken = logs(ASKED, "d1")
    assert [row["kind"] for row in broken.shown] == ["note", "damaged"]
    assert ([row["what"] for row in broken.shown][-1], broken.raw[-1]["data"]) == (why, {"message": why})
    assert broken.warnings == ()


def test_a_damaged_journal_that_nothing_needs_is_a_warning(
    layout: Layout, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed(layout, clock, "d1")
    assert list(passed_over(configure(ASKED))) == []
    deployed(layout, clock, "d2")
    damage(layout, "d1")
    (said,) = passed_over(configure(ASKED))
    assert said.startswith("warning: the journal of d1 is damaged: line 2: ")
    print_logs()
    told = capsys.readouterr()
    assert "warning: the journal of d1 is damaged: line 2" in " ".join(told.err.split())
    assert "damaged" not in told.out


def test_status_tells_of_a_hold_that_nobody_can_read(layout: Layout) -> None:
    layout.state.mkdir(parents=True)
    layout.frozen().write_text('{"op')
    said = status(ASKED).raw["frozen"]
    assert said == ".hotelctl/local/frozen.json: cannot be read: it is no JSON"
