"""What the journals say of the traffic, and how a pointer that somebody changed comes back."""

import json
from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.errors import Diverged
from hotelctl.deploy.history import Past
from hotelctl.deploy.journal import Kind, Record, fold
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Health
from hotelctl.deploy.traffic import Mending, Traffic, arrival, look, standing
from tests.fakes.files import FakeFiles
from tests.fakes.target import FakeTarget, Ground, Instance

_LAYOUT = Layout(Path("/p/.hotelctl/local"))
_Said = tuple[tuple[str, Kind, dict[str, Any]], ...]
_TO_B: _Said = (("switch", Kind.EFFECT, {"to": "b"}),)
_DONE: _Said = (*_TO_B, ("switch", Kind.DONE, {}))
_BACK: _Said = (*_TO_B, ("switch", Kind.FAIL, {"message": "m"}), ("switch", Kind.UNDONE, {}))
_FROZE: _Said = (*_TO_B, ("switch", Kind.FAIL, {"message": "m"}), ("", Kind.OUTCOME, {"outcome": "frozen"}))


_MOVED: _Said = (*_TO_B, ("switch", Kind.EFFECT, {"traffic": "b"}))
_RETURNED: _Said = (
    *_MOVED,
    ("switch", Kind.FAIL, {"message": "m"}),
    ("switch", Kind.EFFECT, {"traffic": "a"}),
)


def release(name: str) -> Release:
    return Release(name, "1.0", name * 40, "artifact/x.whl", "0", None, {})


def past(*said: tuple[str, Kind, dict[str, Any]], serving: str | None = "a", **header: str) -> Past:
    """An operation that began while `serving` served."""
    began = {**header, "serving": release(serving).to_json() if serving else None}
    records = tuple(Record(*one) for one in (("", Kind.NOTE, began), *said))
    return Past("d", records, fold(records))


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ((), {"a"}),
        ((("build", Kind.DONE, {}), ("", Kind.OUTCOME, {"outcome": "stopped"})), {"a"}),
        (_TO_B, {"a"}),
        (_DONE, {"b"}),
        ((*_DONE, ("finish", Kind.FAIL, {"message": "m"}), ("", Kind.OUTCOME, {"outcome": "frozen"})), {"b"}),
        (_BACK, {"a"}),
        (_FROZE, {"a", "b"}),
    ],
)
def test_the_journals_tell_what_has_the_traffic(said: _Said, known: set[str]) -> None:
    first = past(("switch", Kind.EFFECT, {"to": "a"}), ("switch", Kind.DONE, {}), serving=None)
    assert standing([first, past(*said)]) == known


@pytest.mark.parametrize(
    ("said", "to_a", "to_b"),
    [
        ((), None, None),
        (_TO_B, None, 2),
        (_MOVED, None, 3),
        ((*_MOVED, ("switch", Kind.DONE, {})), None, 3),
        (_DONE, None, 2),
        (_BACK, None, None),
        (_RETURNED, 5, 3),
    ],
)
def test_when_traffic_came_is_the_move_or_what_was_written_before_it(
    said: _Said, to_a: int | None, to_b: int | None
) -> None:
    records = tuple(
        Record(*one, ts_utc=f"{n}") for n, one in enumerate((("", Kind.NOTE, {}), *said), start=1)
    )
    operation = Past("d", records, fold(records))
    assert [arrival(operation, name) for name in "ab"] == [n and str(n) for n in (to_a, to_b)]


def test_at_first_and_after_a_first_deploy_that_was_taken_back_nothing_has_it() -> None:
    assert standing([]) == {None}
    assert standing([past(*_BACK, serving=None)]) == {None}


def test_an_operation_that_began_amid_a_divergence_says_nothing_of_what_served_before() -> None:
    first = past(("switch", Kind.EFFECT, {"to": "a"}), ("switch", Kind.DONE, {}), serving=None)
    assert standing([first, past(*_FROZE, serving=None, diverged="garbage")]) == {"a", "b"}
    assert standing([first, past(*_DONE, serving=None, diverged="garbage")]) == {"b"}


@pytest.fixture
def ground() -> Ground:
    """`a` and `b` run; nothing is routed."""
    instances = {name: Instance(release(name), 20_000 + n, {}) for n, name in enumerate("ab")}
    return Ground(instances=instances, built={"a", "b"}, fence=1)


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles({_LAYOUT.manifest(name): json.dumps(release(name).to_json()) for name in "ab"})


class Spoilt(FakeTarget):
    """The pointer names nothing of ours."""

    def serving(self) -> Release | None:
        raise Diverged("the edge points at 'garbage'")


def test_a_pointer_to_one_of_ours_is_believed(ground: Ground) -> None:
    ground.active = "a"
    assert look(FakeTarget(ground), [past(*_DONE)]) == Traffic(release("a"))
    assert look(FakeTarget(ground), []).known() == release("a")


def test_a_pointer_that_is_gone_is_a_divergence_once_something_served(ground: Ground) -> None:
    assert look(FakeTarget(ground), []).known() is None
    with pytest.raises(Diverged, match="the edge points nowhere, but b serves by the journals") as refused:
        look(FakeTarget(ground), [past(*_DONE)]).known()
    assert "hotelctl resolve" in refused.value.hint
    assert "hotelctl rollback --to" in refused.value.hint


def test_looking_at_a_spoilt_pointer_only_says_so(ground: Ground) -> None:
    seen = look(Spoilt(ground), [past(*_DONE)])
    assert seen.release is None
    with pytest.raises(Diverged, match="garbage") as refused:
        seen.known()
    assert "hotelctl resolve" in refused.value.hint


def mending(ground: Ground, files: FakeFiles, why: str | None = None) -> Mending:
    def unready(release: Release, health: Health) -> str | None:
        assert health.alive
        assert files.exists(_LAYOUT.manifest(release.id))
        return why

    return Mending(FakeTarget(ground), _LAYOUT, files, unready)


def test_traffic_goes_back_to_what_served_last(ground: Ground, files: FakeFiles) -> None:
    assert "traffic is back at 1.0-bbbbbbbbbbbb, deployed as b" in mending(ground, files).put_back(
        [past(*_DONE)], 7
    )
    assert (ground.active, ground.fence) == ("b", 7)


def test_what_served_last_and_cannot_be_read_any_more_gets_no_traffic(
    ground: Ground, files: FakeFiles
) -> None:
    files.write_durable(_LAYOUT.manifest("b"), b"[]")
    with pytest.raises(Diverged, match=r"release b, which .*manifest\.json: cannot be read: it ") as refused:
        mending(ground, files).put_back([past(*_DONE)], 7)
    assert "hotelctl rollback --to" in refused.value.hint
    assert ground.active is None


def test_where_nothing_served_it_goes_nowhere_again(ground: Ground, files: FakeFiles) -> None:
    ground.active = "a"
    assert "nowhere" in mending(ground, files).put_back([], 7)
    assert ground.active is None


@pytest.mark.parametrize("trouble", ["hangs", "is dead", "is gone", "froze amid its switch"])
def test_what_is_not_fit_to_serve_gets_no_traffic_and_the_way_out_is_said(
    ground: Ground, files: FakeFiles, trouble: str
) -> None:
    pasts = [past(*_FROZE if trouble.startswith("froze") else _DONE)]
    ground.instances["b"].alive = trouble != "is dead"
    if trouble == "is gone":
        files.remove(_LAYOUT.manifest("b"))
    why = "/ready: no answer within 2 s" if trouble == "hangs" else None
    with pytest.raises(Diverged) as refused:
        mending(ground, files, why).put_back(pasts, 7)
    assert "hotelctl rollback --to" in refused.value.hint
    assert "b" in refused.value.message.replace(",", " ").split()
    assert (ground.active, ground.fence) == (None, 1)
