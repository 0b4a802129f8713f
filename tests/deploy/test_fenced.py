"""Nothing is written or moved without the lock."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.errors import Interrupted, Locked
from hotelctl.core.holder import Holder
from hotelctl.core.progress import Silent
from hotelctl.deploy.engine import drive
from hotelctl.deploy.fenced import FencedLog, FencedTarget
from hotelctl.deploy.journal import Journal, Kind
from hotelctl.deploy.plan import Plan
from hotelctl.deploy.release import Release
from tests.fakes.clock import FakeClock
from tests.fakes.evidence import FakeEvidence
from tests.fakes.files import FakeFiles
from tests.fakes.target import FakeTarget

RELEASE = Release("d1", "1.0", "a" * 40, "artifact/x.whl", "0", None, {})
CHANGES: dict[str, tuple[Any, ...]] = {
    "prepare": (8080,),
    "stage": (RELEASE, {}),
    "route": (RELEASE, 1),
    "retire": (RELEASE,),
    "dismantle": (),
    "discard": (RELEASE,),
}


@dataclass
class Leased:
    """A lock that is lost, or not known to be held, once a test says so."""

    trouble: Exception | None = None
    back: bool = False
    asked: list[bool] = field(default_factory=list)

    def acquire(self, operation: str, deploy: str) -> int:
        return len(operation + deploy)

    def at(self, step: str, deploy: str) -> None:
        """Nobody reads it."""

    def require(self) -> None:
        self.asked.append(self.back)
        if self.trouble is not None and not (self.back and isinstance(self.trouble, Interrupted)):
            raise self.trouble

    def turn_back(self) -> None:
        self.back = True

    def release(self) -> None:
        """Nobody waits."""

    def holder(self) -> tuple[Holder | None, bool]:
        return None, False


@pytest.fixture
def lock() -> Leased:
    return Leased()


def journal(files: FakeFiles, lock: Leased) -> Journal:
    return Journal(FencedLog(files.append_log(Path("/j")), lock), FakeClock(), fence=7)


@pytest.mark.parametrize("verb", CHANGES)
def test_a_verb_that_changes_something_asks_first(verb: str, lock: Leased) -> None:
    lock.trouble = Locked("taken over")
    target = FakeTarget()
    with pytest.raises(Locked, match="taken over"):
        getattr(FencedTarget(target, lock), verb)(*CHANGES[verb])
    assert target.ground == FakeTarget().ground


def test_looking_asks_nobody(lock: Leased) -> None:
    lock.trouble = Locked("taken over")
    fenced = FencedTarget(FakeTarget(), lock)
    assert fenced.serving() is None
    assert fenced.obstacle(8080) is None
    assert lock.asked == []


def test_what_is_held_passes_on(lock: Leased) -> None:
    target = FakeTarget()
    fenced = FencedTarget(target, lock)
    target.ground.built.add(RELEASE.id)
    fenced.prepare(8080)
    fenced.stage(RELEASE, {})
    fenced.route(RELEASE, 1)
    assert fenced.serving() == target.serving() == RELEASE
    assert fenced.health(RELEASE).alive
    assert fenced.inflight(RELEASE) == 0


def test_whoever_lost_the_lock_writes_no_record(lock: Leased) -> None:
    files = FakeFiles()
    held = journal(files, lock)
    held.append("", Kind.NOTE, {"operation": "deploy"})
    lock.trouble = Locked("taken over")
    for kind in (Kind.INTENT, Kind.EFFECT, Kind.DONE, Kind.FAIL, Kind.UNDO, Kind.OUTCOME):
        with pytest.raises(Locked, match="taken over"):
            held.append("migrate", kind, {"outcome": "stopped"})
    assert len(files.append_log(Path("/j")).records()) == 1


@pytest.mark.parametrize(
    ("kind", "data"),
    [(Kind.FAIL, {"message": "bad"}), (Kind.UNDO, {}), (Kind.ABORT, {"by": "ana"})],
    ids=str,
)
def test_what_goes_back_is_not_kept_from_it_by_a_database_that_is_away(
    lock: Leased, kind: Kind, data: dict[str, Any]
) -> None:
    files = FakeFiles()
    held = journal(files, lock)
    held.append("", Kind.NOTE, {"operation": "deploy"})
    lock.trouble = Interrupted("nobody can tell")
    with pytest.raises(Interrupted):
        held.append("switch", Kind.INTENT)
    held.append("switch", kind, data)
    held.append("switch", Kind.UNDONE, {})
    again = Leased()
    assert FencedLog(files.append_log(Path("/j")), again).records()
    assert again.back


def test_a_rollback_goes_back_from_its_first_record(lock: Leased) -> None:
    lock.trouble = Interrupted("nobody can tell")
    held = journal(FakeFiles(), lock)
    held.append("", Kind.NOTE, {"operation": "rollback"})
    held.append("switch", Kind.INTENT)


@dataclass
class Losing:
    """A step in the middle of which somebody takes the environment over."""

    lock: Leased
    name: str = "switch"
    title: str = "Switch"
    undone: bool = False

    def plan(self) -> tuple[str, ...]:
        return ()

    def apply(self) -> dict[str, Any]:
        self.lock.trouble = Locked("taken over")
        self.lock.require()
        return {}

    def undo(self) -> str:
        self.undone = True
        return ""


@pytest.mark.parametrize("aborted", [False, True])
def test_a_step_that_loses_the_lock_is_not_taken_back_and_leaves_no_word(
    lock: Leased, *, aborted: bool
) -> None:
    files = FakeFiles()
    held, step = journal(files, lock), Losing(lock)
    held.append("", Kind.NOTE, {"operation": "deploy"})
    if aborted:
        held.append("switch", Kind.INTENT)
        held.append("", Kind.ABORT, {"by": "ana"})
        step.undo = step.apply  # type: ignore[method-assign,assignment]
    before = len(held.records())
    with pytest.raises(Locked, match="taken over"):
        drive(Plan(("switch",), "switch"), held, {"switch": step}, FakeEvidence(), Silent(), lambda: False)
    assert not step.undone
    assert [record.kind for record in held.records()[before:]] == [Kind.UNDO if aborted else Kind.INTENT]
