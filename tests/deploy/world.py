"""A small world that steps change, and a driver that can be killed at every journal record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotelctl.core.errors import StepFailed
from hotelctl.core.progress import Silent
from hotelctl.deploy.engine import Step, drive
from hotelctl.deploy.journal import TRAFFIC, Journal, Kind, Outcome
from hotelctl.deploy.plan import Finish, Plan
from tests.fakes.clock import FakeClock
from tests.fakes.evidence import FakeEvidence
from tests.fakes.files import FakeFiles

PATH = Path("/state/deploys/d1/journal.jsonl")


class Killed(BaseException):
    """The process ended here."""


@dataclass
class World:
    """What is outside: names that exist, and where traffic goes."""

    things: set[str] = field(default_factory=set)
    traffic: str = "old"
    acts: int = 0


@dataclass
class Thing:
    """A step that makes one thing; it may refuse, always or in its undo."""

    name: str
    world: World
    journal: Journal
    refuses: bool = False
    undo_refuses: bool = False
    title: str = "a thing"

    def plan(self) -> tuple[str, ...]:
        """Nothing to say."""
        return ()

    def apply(self) -> Mapping[str, Any]:
        """Make it, half first."""
        self.world.things.add(f"half-{self.name}")
        self.world.acts += 1
        if self.refuses:
            raise StepFailed(f"{self.name} refuses", "mend it")
        self.world.things.discard(f"half-{self.name}")
        self.world.things.add(self.name)
        return {"summary": f"made {self.name}"}

    def undo(self) -> str:
        """Remove it and its half."""
        if self.undo_refuses:
            raise StepFailed("stuck")
        self.world.things -= {self.name, f"half-{self.name}"}
        return "removed"


@dataclass
class Traffic(Thing):
    """The step that people outside can see."""

    def apply(self) -> Mapping[str, Any]:
        """Switch."""
        self.journal.append(self.name, Kind.EFFECT, {"to": "new"})
        self.world.traffic = "new"
        self.journal.append(self.name, Kind.EFFECT, {TRAFFIC: "new"})
        if self.refuses:
            raise StepFailed("bad under watch")
        return {"summary": "switched"}

    def undo(self) -> str:
        """Switch back."""
        if self.undo_refuses:
            raise StepFailed("stuck")
        if self.world.traffic == "new":
            self.journal.append(self.name, Kind.EFFECT, {TRAFFIC: "new"})
        self.world.traffic = "old"
        return "switched back"


@dataclass
class Run:
    """One process: it reads the journal, drives, and may be killed before or after the n-th record."""

    files: FakeFiles
    world: World
    kill_at: int | None = None
    durable: bool = True
    refuses: str = ""
    undo_refuses: str = ""
    turns_back: bool = True

    def journal(self) -> Journal:
        """The journal as this process finds it."""

        def around(number: int, durable: bool) -> None:  # noqa: FBT001 - the journal's own signature
            if number == self.kill_at and durable == self.durable:
                raise Killed

        return Journal(self.files.append_log(PATH), FakeClock(), 1, around)

    def steps(self, journal: Journal) -> dict[str, Step]:
        """Four steps, the third visible."""
        kinds = {"build": Thing, "stage": Thing, "switch": Traffic, "finish": Thing}
        return {
            name: kind(name, self.world, journal, name == self.refuses, name == self.undo_refuses)
            for name, kind in kinds.items()
        }

    def go(self, *, abort: bool = False, stop: bool = False) -> Finish:
        """Drive to the end."""
        journal = self.journal()
        steps = self.steps(journal)
        plan = Plan(tuple(steps), turns_back=self.turns_back)
        if abort and not plan.past_return(journal.progress()):
            journal.append("", Kind.ABORT)
        return drive(plan, journal, steps, FakeEvidence(), Silent(), lambda: stop)


def settled(world: World, outcome: Outcome) -> bool:
    """Whether the world is whole: all of the new, or none of it."""
    if outcome is Outcome.SUCCEEDED:
        return world.traffic == "new" and world.things == {"build", "stage", "finish"}
    return world.traffic == "old" and not world.things
