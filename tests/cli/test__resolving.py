"""Leaving the frozen state and putting traffic back, through the files of an environment."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from hotelctl.adapters.chained import ChainedFile
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.host_lock import HostLock
from hotelctl.cli import _resolving
from hotelctl.cli._resolving import resolve
from hotelctl.cli._wiring import Asked, configure, unrecorded_files
from hotelctl.config.pinned import pin
from hotelctl.core.errors import Diverged, Locked, UsageError
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
OLD_READY = "http://127.0.0.1:20001/old-ready"


@pytest.fixture
def lock(layout: Layout) -> Iterator[HostLock]:
    """Nobody holds it."""
    made = HostLock(layout.state, unrecorded_files(configure(ASKED)), SystemClock())
    yield made
    made.release()


@pytest.fixture
def ground(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """`d1` runs and is ready, the journal says that it serves, and somebody emptied the pointer."""
    made = Ground(instances={"d1": Instance(RELEASE, 20_001, {})}, built={"d1"})
    http = FakeHttp()
    http.answer("GET", READY, 200)
    http.answer("GET", OLD_READY, 503, "draining")
    monkeypatch.setattr(_resolving, "target_of", lambda _: FakeTarget(made))
    monkeypatch.setattr(_resolving, "unrecorded_http", lambda: http)
    journal = Journal(ChainedFile(layout.journal("d1")), FakeClock(), fence=1)
    journal.append("", Kind.NOTE, {"operation": "deploy", "port": 8080})
    journal.append("switch", Kind.EFFECT, {"to": "d1"})
    journal.append("switch", Kind.DONE, {})
    journal.append("", Kind.OUTCOME, {"outcome": "succeeded"})
    layout.manifest("d1").parent.mkdir(parents=True)
    layout.manifest("d1").write_text(json.dumps(RELEASE.to_json()))
    return made


def freeze(layout: Layout) -> None:
    layout.state.mkdir(parents=True, exist_ok=True)
    layout.frozen().write_text(
        json.dumps({"operation": "d1", "step": "switch", "reason": "stuck", "at": "x"})
    )


def kept(layout: Layout) -> tuple[dict[str, Any], ...]:
    return ChainedFile(layout.resolved()).records()


def shown(rows: Rows) -> dict[str, Any]:
    return {row["what"]: row["value"] for row in rows.shown}


def test_where_all_is_well_nothing_is_resolved_and_nothing_written(layout: Layout) -> None:
    with pytest.raises(UsageError, match="nothing is frozen here"):
        resolve(ASKED, "why not")
    assert not layout.state.exists()


def test_what_froze_is_kept_with_the_reason_why_it_was_resolved(layout: Layout, lock: HostLock) -> None:
    freeze(layout)
    rows = resolve(ASKED, "looked at it with Bo")
    assert shown(rows) == {"resolved": "d1", "reason": "looked at it with Bo"}
    assert not layout.frozen().exists()
    (said,) = kept(layout)
    assert (said["reason"], said["resolved"]) == ("stuck", "looked at it with Bo")
    assert said["resolved_at"].endswith("+00:00")
    with pytest.raises(UsageError, match="nothing is frozen here"):
        resolve(ASKED, "again")
    freeze(layout)
    resolve(ASKED, "again")
    assert len(kept(layout)) == 2
    assert lock.holder()[1] is False


@pytest.mark.system
def test_a_database_of_state_that_is_away_keeps_nobody_from_resolving(layout: Layout) -> None:
    state = '[environments.local]\nstate_url = "postgresql://ana@127.0.0.1:1/state"\n'
    (layout.state.parents[1] / "hotelctl.toml").write_text(MINIMAL + state)
    freeze(layout)
    told = list[str]()
    resolve(ASKED, "looked at it with Bo", told.append)
    assert not layout.frozen().exists()
    (warning,) = told
    assert warning.startswith("warning: the lease in state at 127.0.0.1:1 cannot be had: no database server")
    assert warning.endswith("resolve goes on with this machine's own lock")


def test_nothing_is_resolved_under_a_running_operation(layout: Layout, lock: HostLock) -> None:
    freeze(layout)
    lock.acquire("deploy", "d9")
    with pytest.raises(Locked):
        resolve(ASKED, "in a hurry")
    assert layout.frozen().exists()


@pytest.mark.parametrize("held", [False, True])
def test_traffic_is_put_back_with_a_new_fence_frozen_or_not(
    layout: Layout, ground: Ground, *, held: bool
) -> None:
    ground.fence = 0
    if held:
        freeze(layout)
    rows = resolve(ASKED, "a wrong script")
    assert shown(rows)["traffic"] == "traffic is back at 1.0-aaaaaaaaaaaa, deployed as d1"
    assert (ground.active, ground.fence) == ("d1", 1)
    assert not layout.frozen().exists()
    (said,) = kept(layout)
    assert said["diverged"] == "the edge points nowhere, but d1 serves by the journals"
    with pytest.raises(UsageError, match="traffic goes where it should"):
        resolve(ASKED, "again")


def test_who_lost_the_lock_moves_no_traffic(
    layout: Layout, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze(layout)

    def lost(_lock: HostLock) -> None:
        raise Locked("the environment is locked")

    monkeypatch.setattr(HostLock, "require", lost)
    with pytest.raises(Locked):
        resolve(ASKED, "a wrong script")
    assert ground.active is None


def test_what_is_not_ready_gets_no_traffic_but_the_hold_ends_so_that_a_rollback_can(
    layout: Layout, ground: Ground
) -> None:
    freeze(layout)
    ground.instances["d1"].alive = False
    with pytest.raises(Diverged, match="d1, which served last, is not ready: it does not run") as refused:
        resolve(ASKED, "a wrong script")
    assert "hotelctl rollback --to d1" in refused.value.hint
    assert ground.active is None
    assert not layout.frozen().exists()


def test_it_is_asked_at_the_path_that_it_was_built_with(layout: Layout, ground: Ground) -> None:
    built = configure(ASKED).spec
    paths = built.health.model_copy(update={"ready": "/old-ready"})
    layout.pinned("d1").write_bytes(pin(built.model_copy(update={"health_": paths})))
    with pytest.raises(Diverged, match="is not ready: /old-ready: 503 draining"):
        resolve(ASKED, "a wrong script")
    assert ground.active is None


def test_a_spoilt_hold_is_resolved_by_its_file(layout: Layout, ground: Ground) -> None:
    ground.active = "d1"
    layout.frozen().write_text('{"op')
    rows = resolve(ASKED, "looked at it")
    assert shown(rows)["resolved"] == ".hotelctl/local/frozen.json: cannot be read: it is no JSON"
    assert not layout.frozen().exists()
    assert [one["resolved"] for one in kept(layout)] == ["looked at it"]
