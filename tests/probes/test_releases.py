import hashlib
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.artifact import DeployedArtifact
from hotelctl.facts.installed_package import InstalledPackage
from hotelctl.facts.rehearsal import Rehearsal
from hotelctl.facts.rollback_readiness import RollbackReadiness
from tests.facts.test_journal_story import Line, journal
from tests.fakes.wheels import SITE, install, wheel
from tests.probes.worlds import SERVING, STATE, World

_WHEEL = wheel({"thing/__init__.py": ""})
_DIGEST = hashlib.sha256(_WHEEL).hexdigest()
_PLACE = ".hotelctl/local/releases"


def _release(name: str, digest: str, commit: str = "") -> dict[str, Any]:
    return {
        "id": name,
        "commit": commit or f"commit of {name}",
        "artifact": "artifact/thing.whl",
        "artifact_sha256": digest,
    }


def _deploy(
    former: dict[str, Any] | None, built: dict[str, Any], proven: str, after: str | None = None
) -> tuple[Line, ...]:
    rehearsal = None
    if former:
        release, built_as = former["id"], former["artifact_sha256"]
        rehearsal = Rehearsal(proven, release, built_as, "b" * 64, None, after).to_json()
    return (
        ("", "note", {"operation": "deploy", "serving": former}),
        ("build", "done", {"release": built}),
        ("backup", "done", {"sha256": "b" * 64}),
        ("prove", "done", {"class": proven, "rehearsal": rehearsal}),
        ("migrate", "done", {"to": after}),
        ("switch", "effect", {}),
    )


def _world(*journals: tuple[Line, ...], **changes: Any) -> World:  # noqa: ANN401 - tables of the service file
    world = World(**changes)
    world.serving = SERVING
    for name in ("r0", "r1"):
        world.files.write_durable(STATE / "releases" / name / "artifact" / "thing.whl", _WHEEL)
        install(world.files, _WHEEL, STATE / "releases" / name / "venv")
    paths = []
    for number, lines in enumerate(journals):
        path = STATE / "deploys" / f"d{number}" / "journal.jsonl"
        world.files.write_durable(path, journal(*lines))
        paths.append(path)
    world.journals = tuple(paths)
    return world


def test_the_digest_at_build_is_the_journals() -> None:
    world = _world(_deploy(None, _release("r1", "a" * 64), "first"))
    fact = world.fact(DeployedArtifact)
    assert (fact.sha256_at_build, fact.sha256_now, fact.installed) == ("a" * 64, _DIGEST, None)
    world.files.remove(STATE / "releases" / "r1")
    assert world.fact(DeployedArtifact).sha256_now is None


def test_an_artifact_as_it_was_built_is_what_the_installed_files_are_held_against() -> None:
    world = _world(_deploy(None, _release("r1", _DIGEST), "first"))
    site = f"{_PLACE}/r1/venv/{SITE}"
    assert world.fact(DeployedArtifact).installed == InstalledPackage(site, listed=2)
    world.write(f"{site}/thing/__init__.py", "edited")
    assert list(world.fact(DeployedArtifact).installed.damage()) == [
        (f"{site}/thing/__init__.py", "thing/__init__.py is not what was built")
    ]
    world.files.remove(STATE / "releases" / "r1" / "venv")
    assert world.fact(DeployedArtifact).installed == InstalledPackage(f"{_PLACE}/r1/venv", None, gone=True)


def test_the_installation_of_the_previous_release_is_looked_at() -> None:
    old, new = _release("r0", _DIGEST), _release("r1", _DIGEST)
    world = _world(_deploy(None, old, "first"), _deploy(old, new, "B"))
    world.write(f"{_PLACE}/r0/venv/{SITE}/thing/evil.py", "")
    assert world.fact(RollbackReadiness).previous.installed.foreign == ("thing/evil.py",)


def test_no_journal_of_the_build_is_unavailable() -> None:
    assert "no journal tells" in _world().why_not(DeployedArtifact)
    assert World().why_not(DeployedArtifact).startswith("NotApplicable")


def test_the_way_back_names_the_former_release_and_its_proof() -> None:
    old, new = _release("r0", "b" * 64), _release("r1", "a" * 64)
    fact = _world(_deploy(None, old, "first"), _deploy(old, new, "B")).fact(RollbackReadiness)
    assert (fact.previous.release_id, fact.previous.sha256_at_build) == ("r0", "b" * 64)
    assert fact.rehearsals == ("d1 proved class B: the release runs on the schema after it",)


def _rehearsed(world: World, noted: str) -> World:
    world.files.write_durable(STATE / "rehearsals" / "r-7.json", noted.encode())
    return world


def test_a_rehearsal_on_a_copy_is_one_of_its_commit_and_schema() -> None:
    old, new = _release("r0", "b" * 64), _release("r1", "a" * 64)
    unproven: tuple[Line, ...] = (
        ("", "note", {"operation": "deploy", "serving": old}),
        ("build", "done", {"release": new}),
        ("switch", "effect", {}),
    )

    def rehearsals(noted: str) -> tuple[str, ...]:
        world = _rehearsed(_world(_deploy(None, old, "first"), unproven), noted)
        world.work.applied = ("1",)
        fact: RollbackReadiness = world.fact(RollbackReadiness)
        return fact.rehearsals

    there = '{"current": "commit of r0", "candidate": "c", "schema": "%s"}'
    assert rehearsals(there % "1") == ("r-7 went back to it on a copy",)
    assert rehearsals(there % "2") == ()
    assert rehearsals(there.replace("r0", "r9") % "1") == ()
    assert rehearsals("{") == ()


def test_what_runs_what_serves_is_no_way_back_and_is_passed_over() -> None:
    """As a rollback does: the same commit deployed again has the release before both of them behind it."""
    old, once, again = _release("r0", "b" * 64), _release("r2", _DIGEST, "c"), _release("r1", _DIGEST, "c")
    twice = _deploy(None, old, "first"), _deploy(old, once, "B"), _deploy(once, again, "A")
    fact = _world(*twice).fact(RollbackReadiness)
    assert (fact.previous.release_id, fact.previous.sha256_at_build) == ("r0", "b" * 64)
    assert fact.rehearsals == ("d1 proved class B: the release runs on the schema after it",)
    only = _world(_deploy(None, once, "first"), _deploy(once, again, "A"))
    assert "going back would change nothing" in only.why_not(RollbackReadiness)
    other = _world(_deploy(None, once, "first"), _deploy(once, again | {"env_fingerprints": {"K": "1"}}, "A"))
    assert other.fact(RollbackReadiness).previous.release_id == "r2"


def test_a_rehearsal_of_another_release_or_schema_is_none() -> None:
    old, mid, new = (_release(name, name * 32) for name in ("r0", "r2", "r1"))
    world = _world(_deploy(None, old, "first"), _deploy(old, mid, "B", "1"), _deploy(mid, new, "B", "2"))
    world.work.applied = ("1", "2")
    assert len(world.fact(RollbackReadiness).rehearsals) == 1
    world.work.applied = ("1", "2", "3")
    assert world.fact(RollbackReadiness).rehearsals == ()
    first_only = _world(_deploy(None, old, "first"), _deploy(old, mid, "B"), (*_deploy(mid, new, "B"),))
    first_only.files.content[first_only.journals[2]] = journal(
        ("", "note", {"operation": "deploy", "serving": mid}), ("switch", "effect", {})
    )
    assert first_only.fact(RollbackReadiness).rehearsals == ()


def test_a_database_that_cannot_be_asked_is_where_the_last_journal_left_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = _release("r0", _DIGEST), _release("r1", _DIGEST)
    world = _world(_deploy(None, old, "first", "1"), _deploy(old, new, "B", "2"))
    assert world.fact(RollbackReadiness).rehearsals == ()

    def away(_url: str) -> tuple[str, ...]:
        raise Unavailable("nobody answers")

    monkeypatch.setattr(world.work, "revisions", away)
    assert len(world.fact(RollbackReadiness).rehearsals) == 1


def test_after_a_rollback_from_nobody_knows_what_the_previous_release_is_not_known() -> None:
    begun: Line = ("", "note", {"operation": "rollback", "serving": None})
    world = _world(_deploy(None, _release("r1", _DIGEST), "first"), (begun, ("switch", "effect", {})))
    assert world.why_not(RollbackReadiness).startswith("Unavailable: the last rollback began where nobody")


def test_without_migrations_no_schema_is_asked_for() -> None:
    old, new = _release("r0", _DIGEST), _release("r1", _DIGEST)
    world = _world(_deploy(None, old, "first"), _deploy(old, new, "A"), migrations=None)
    world.work.applied = ("1",)
    assert len(world.fact(RollbackReadiness).rehearsals) == 1


def test_a_first_release_has_no_way_back_and_a_broken_journal_tells_nothing() -> None:
    assert "none to go back to" in _world(_deploy(None, _release("r1", "a"), "first")).why_not(
        RollbackReadiness
    )
    world = _world(_deploy(None, _release("r1", "a"), "first"))
    world.files.content[world.journals[0]] = b"nonsense\n"
    assert "line 1" in world.why_not(RollbackReadiness)
    assert "came to serve" in _world().why_not(RollbackReadiness)
