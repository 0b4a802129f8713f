from typing import Any

from hotelctl.facts.artifact import DeployedArtifact
from hotelctl.facts.rollback_readiness import RollbackReadiness
from tests.facts.test_journal_story import Line, journal
from tests.probes.worlds import SERVING, STATE, World

_WHEEL = b"wheel"


def _release(name: str, digest: str) -> dict[str, Any]:
    return {"id": name, "artifact": "artifact/thing.whl", "artifact_sha256": digest}


def _deploy(former: dict[str, Any] | None, built: dict[str, Any], proven: str) -> tuple[Line, ...]:
    return (
        ("", "note", {"operation": "deploy", "serving": former}),
        ("build", "done", {"release": built}),
        ("prove", "done", {"class": proven}),
        ("switch", "effect", {}),
    )


def _world(*journals: tuple[Line, ...]) -> World:
    world = World()
    world.serving = SERVING
    for name in ("r0", "r1"):
        world.files.write_durable(STATE / "releases" / name / "artifact" / "thing.whl", _WHEEL)
    paths = []
    for number, lines in enumerate(journals):
        path = STATE / "deploys" / f"d{number}" / "journal.jsonl"
        world.files.write_durable(path, journal(*lines))
        paths.append(path)
    world.journals = tuple(paths)
    return world


def _digest(world: World) -> str:
    return world.files.sha256(STATE / "releases" / "r1" / "artifact" / "thing.whl")


def test_the_digest_at_build_is_the_journals() -> None:
    world = _world(_deploy(None, _release("r1", "a" * 64), "first"))
    fact = world.fact(DeployedArtifact)
    assert (fact.sha256_at_build, fact.sha256_now) == ("a" * 64, _digest(world))
    world.files.remove(STATE / "releases" / "r1")
    assert world.fact(DeployedArtifact).sha256_now is None


def test_no_journal_of_the_build_is_unavailable() -> None:
    assert "no journal tells" in _world().why_not(DeployedArtifact)
    assert World().why_not(DeployedArtifact).startswith("NotApplicable")


def test_the_way_back_names_the_former_release_and_its_proof() -> None:
    old, new = _release("r0", "b" * 64), _release("r1", "a" * 64)
    fact = _world(_deploy(None, old, "first"), _deploy(old, new, "B")).fact(RollbackReadiness)
    assert (fact.previous, fact.sha256_at_build) == ("r0", "b" * 64)
    assert fact.rehearsals == ("d1 proved class B: the former release runs on the schema after it",)


def test_a_first_release_has_no_way_back_and_a_broken_journal_tells_nothing() -> None:
    assert "none to go back to" in _world(_deploy(None, _release("r1", "a"), "first")).why_not(
        RollbackReadiness
    )
    world = _world(_deploy(None, _release("r1", "a"), "first"))
    world.files.content[world.journals[0]] = b"nonsense\n"
    assert "line 1" in world.why_not(RollbackReadiness)
    assert "came to serve" in _world().why_not(RollbackReadiness)
