"""What tests ask of a town: one in which a release serves, whether it is whole, why an operation failed."""

import pickle
from functools import cache

from hotelctl.core.chain import decode
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from tests.deploy.town import STATE, Town
from tests.deploy.town_command import Command

COMMIT_A, COMMIT_B, COMMIT_C = "a" * 40, "b" * 40, "c" * 40


def deployed() -> Town:
    """A town in which the release `d1` serves."""
    town = pickle.loads(_deployed())  # noqa: S301 - what this process pickled itself
    assert isinstance(town, Town)
    return town


@cache
def _deployed() -> bytes:
    """The town after its first deploy; hundreds of tests begin with one, each with its own."""
    town = Town()
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    return pickle.dumps(town)


def records(town: Town, name: str) -> int:
    """How many its journal has: at each of them a command may be killed."""
    return len(decode(town.files.content[Layout(STATE).journal(name)]).records)


def whole(town: Town, serving: str | None) -> None:
    """Nothing is left over beside what serves and its warm predecessor."""
    assert town.serving() == serving
    assert not town.scratch.open_names
    assert "rehearsal" not in town.ground.instances
    leftovers = [path for path in town.files.content if path.name.endswith(".part") or "source" in path.parts]
    assert not leftovers
    known = {path.parent.name for path in town.files.content if path.name == "manifest.json"}
    assert town.alive() <= known
    assert (town.ground.edge_port is None) == (serving is None)


def journal_end(town: Town, name: str) -> dict[str, str]:
    """Step, message and hint of the failure that the journal of that operation holds."""
    failure = Command(town).operation(name).journal.progress().failure
    assert failure is not None
    return {"step": failure.step, "message": failure.message, "hint": failure.hint}
