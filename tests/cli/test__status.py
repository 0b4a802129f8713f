"""What serves, as status tells it: the target, the journals and who holds the environment."""

import json
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.chained import ChainedFile
from hotelctl.cli import _status
from hotelctl.cli._locking import lock_of
from hotelctl.cli._looking import history, lock_status, logs
from hotelctl.cli._reach import Machinery
from hotelctl.cli._status import status
from hotelctl.cli._wiring import configure
from hotelctl.config.pinned import pin
from hotelctl.core.errors import Diverged, UsageError
from hotelctl.deploy.journal import Journal, Kind
from hotelctl.deploy.layout import Layout
from hotelctl.render.facts import Rows
from tests.cli.looked import ASKED, RELEASE, deployed, wrote
from tests.fakes.clock import FakeClock
from tests.fakes.http import FakeHttp
from tests.fakes.target import FakeTarget, Ground, Instance

READY = "http://127.0.0.1:20001/ready"
EDGE = "http://127.0.0.1:8123/version"
_BOTH = "hotelctl resume goes on, hotelctl abort takes it back"


@pytest.fixture
def http(monkeypatch: pytest.MonkeyPatch) -> FakeHttp:
    """What releases answer."""
    made = FakeHttp()
    made.answer("GET", READY, 200)
    made.answer("GET", EDGE, 200, {"commit": RELEASE.commit})
    monkeypatch.setattr(_status, "unrecorded_http", lambda: made)
    return made


def machines(monkeypatch: pytest.MonkeyPatch, *, supervisor: bool, edge: bool) -> None:
    found = Machinery(supervisor, edge, 8123)
    monkeypatch.setattr(_status, "machinery", lambda _: found)


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch, http: FakeHttp) -> Ground:
    """What the target shows."""
    machines(monkeypatch, supervisor=True, edge=True)
    assert not http.requests
    made = Ground()
    monkeypatch.setattr(_status, "target_of", lambda _: FakeTarget(made))
    return made


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
    with pytest.raises(UsageError, match=r"^nothing was deployed here yet$") as refused:
        logs(ASKED, None)
    assert refused.value.hint.startswith("hotelctl deploy")
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
    assert raw["since"] == "2026-03-01T12:00:02Z by ana (deploy d1)"
    assert (raw["process"], raw["ready"], raw["restarts"]) == ("runs", True, 2)
    assert (raw["reachable"], raw["supervisor"]) == (True, "runs")
    assert not {"open", "unready", "unreachable", "way out", "damaged"} & set(raw)


@pytest.mark.usefixtures("layout")
def test_of_one_that_somebody_removed_nobody_knows_how_it_ended(ground: Ground) -> None:
    ground.active, ground.instances = "d1", {"d1": Instance(RELEASE, 20_001, {}, alive=False)}
    assert status(ASKED).raw["process"] == "does not run (exit code unknown)"


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


def test_since_is_the_move_of_traffic_not_the_end_of_the_watch(
    layout: Layout, clock: FakeClock, ground: Ground
) -> None:
    ground.active, ground.instances = "d1", {"d1": Instance(RELEASE, 20_001, {})}
    moved = (("switch", Kind.EFFECT, {"to": "d1"}), ("switch", Kind.EFFECT, {"traffic": "d1"}))
    wrote(layout, clock, "d1", *moved, ("switch", Kind.INTENT, {}), ("switch", Kind.DONE, {}))
    assert status(ASKED).raw["since"] == "2026-03-01T12:00:02Z by ana (deploy d1)"
    back = (("switch", Kind.EFFECT, {"to": "d2"}), ("switch", Kind.EFFECT, {"traffic": "d1"}))
    wrote(layout, clock, "d2", *back, ("switch", Kind.UNDONE, {}))
    assert status(ASKED).raw["since"] == "2026-03-01T12:00:06Z by ana (deploy d2, taken back)"


@pytest.mark.parametrize("records", [1, 2])
def test_since_is_told_while_the_switch_is_open(
    layout: Layout, clock: FakeClock, ground: Ground, records: int
) -> None:
    ground.active, ground.instances = "d1", {"d1": Instance(RELEASE, 20_001, {})}
    moved = (("switch", Kind.EFFECT, {"to": "d1"}), ("switch", Kind.EFFECT, {"traffic": "d1"}))
    wrote(layout, clock, "d1", *moved[:records])
    assert status(ASKED).raw["since"] == f"2026-03-01T12:00:0{records}Z by ana (deploy d1)"


def test_status_beside_a_command_that_lives_advises_nothing(layout: Layout, clock: FakeClock) -> None:
    wrote(layout, clock, "d2", ("build", Kind.INTENT, {}))
    lock = lock_of(configure(ASKED))
    lock.acquire("deploy", "d2")
    lock.at("build", "d2")
    assert status(ASKED).raw["open"] == "deploy d2 at step build; it goes on now"
    lock.release()
    assert status(ASKED).raw["open"] == f"deploy d2 at step build; {_BOTH}"


def test_status_says_what_is_dead_diverged_open_frozen_and_locked(
    layout: Layout, clock: FakeClock, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.active = "d1"
    ground.instances = {"d1": Instance(RELEASE, 20_001, {}, alive=False, exit_code=3)}
    wrote(layout, clock, "d2", ("build", Kind.INTENT, {}))
    freeze(layout)
    lock = lock_of(configure(ASKED))
    lock.acquire("deploy", "d2")
    raw = status(ASKED).raw
    lock.release()
    assert (raw["process"], raw["ready"]) == ("does not run (exit code 3)", False)
    assert raw["open"] == "deploy d2 at step build; it goes on now"
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


def test_status_tells_of_a_hold_that_nobody_can_read(layout: Layout) -> None:
    layout.state.mkdir(parents=True)
    layout.frozen().write_text('{"op')
    said = status(ASKED).raw["frozen"]
    assert said == ".hotelctl/local/frozen.json: cannot be read: it is no JSON"
