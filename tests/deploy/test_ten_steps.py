"""The real ten steps over an environment in memory: good, bad, killed anywhere, rolled back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.chain import GENESIS, decode, digest, encode
from hotelctl.core.check import Stage
from hotelctl.core.errors import Interrupted, StepFailed
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from tests.deploy.town import LIVE, STATE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_A, COMMIT_B, COMMIT_C, deployed, journal_end, records, whole
from tests.deploy.world import Killed
from tests.fakes.wheels import SITE

_LAYOUT = Layout(STATE)


def _rewrite(town: Town, path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """The journal anew with another result of step 6, its chain whole."""
    lines, head = [], GENESIS
    for seq, record in enumerate(decode(town.files.content[path]).records, start=1):
        data = {key: value for key, value in record.items() if key not in ("seq", "prev_sha256")}
        if (record["step"], record["kind"]) == ("prove", "done"):
            change(data["data"])
        lines.append(encode(data, seq, head))
        head = digest(lines[-1])
    town.files.content[path] = b"".join(lines)


def test_a_first_deploy_serves_and_leaves_artifact_environment_backup_and_tag() -> None:
    town = deployed()
    whole(town, "d1")
    assert {
        _LAYOUT.manifest("d1"),
        _LAYOUT.environment("d1"),
        _LAYOUT.good("d1"),
    } <= town.files.content.keys()
    assert town.files.modes[_LAYOUT.environment("d1")] == 0o600
    assert b'"verified_at": "2026' in town.files.content[_LAYOUT.backup("d1") / "verified.json"]
    assert town.databases.at(LIVE).ddl == "-- 0001.sql"


@pytest.mark.parametrize(
    ("fault", "step", "words"),
    [
        ("build", "build", "no compiler"),
        ("rehearse", "prove", "syntax error"),
        ("migrate", "migrate", "syntax error"),
        ("prepare", "stage", "said so"),
        ("ready", "stage", "not ready within 3 s: /ready last answered 503"),
        ("commit", "stage", "built was 'bbbb"),
        ("page", "stage", "smoke workflow page"),
        ("old-on-new", "prove", "class C: the serving release"),
        ("old-not-ready-on-new", "prove", "does not run on the new schema: the instance was not ready"),
    ],
)
def test_a_fault_stops_the_deploy_before_anything_visible_changed(fault: str, step: str, words: str) -> None:
    town = deployed()
    town.head, town.broken = "0002.sql", {fault}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    end = journal_end(town, "d2")
    assert end["step"] == step
    assert words in end["message"]
    whole(town, "d1")
    town.broken = set()
    assert Command(town).deploy("d3", COMMIT_C) is Outcome.SUCCEEDED
    whole(town, "d3")


def test_a_taken_port_is_named_in_the_preflight_and_nothing_is_built() -> None:
    town = Town()
    town.ground.held[8080] = "port 8080 is held by nginx (pid 7)"
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.STOPPED
    assert journal_end(town, "d1") == {
        "step": "preflight",
        "message": "port 8080 is held by nginx (pid 7)",
        "hint": "stop it, or choose another port with --port",
    }
    whole(town, None)


def test_requirements_that_are_not_in_the_commit_are_named_before_the_build() -> None:
    town = Town()
    del town.sources["lock.txt"]
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.STOPPED
    assert "lock.txt, which is not in the commit" in journal_end(town, "d1")["message"]
    whole(town, None)


def test_a_full_disk_is_said_before_anything_is_built() -> None:
    town = Town()
    town.files.free = 1_000_000
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.STOPPED
    assert "1 MB are free" in journal_end(town, "d1")["message"]


@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize("again", ["resume", "abort"])
def test_killed_at_every_record_of_a_first_deploy(again: str, durable: bool) -> None:  # noqa: FBT001
    total = records(deployed(), "d1")
    for number in range(2, total + 1):
        town = Town()
        with pytest.raises(Killed):
            Command(town, number, durable).deploy("d1", COMMIT_A)
        outcome = getattr(Command(town), again)("d1")
        assert outcome in (Outcome.SUCCEEDED, Outcome.STOPPED, Outcome.ROLLED_BACK)
        whole(town, "d1" if outcome is Outcome.SUCCEEDED else None)


@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize("again", ["resume", "abort"])
def test_killed_at_every_record_of_a_deploy_with_a_migration(again: str, durable: bool) -> None:  # noqa: FBT001
    town = deployed()
    town.head = "0002.sql"
    Command(town).deploy("d2", COMMIT_B)
    for number in range(2, records(town, "d2") + 1):
        town = deployed()
        town.head = "0002.sql"
        with pytest.raises(Killed):
            Command(town, number, durable).deploy("d2", COMMIT_B)
        outcome = getattr(Command(town), again)("d2")
        whole(town, "d2" if outcome is Outcome.SUCCEEDED else "d1")
        if again == "resume":
            assert outcome is Outcome.SUCCEEDED


def test_a_rollback_returns_to_the_release_before_and_not_to_one_that_was_left() -> None:
    town = deployed()
    Command(town).deploy("d2", COMMIT_B)
    assert Command(town).rollback("r1") is Outcome.SUCCEEDED
    whole(town, "d1")
    assert Command(town).deploy("d3", COMMIT_C) is Outcome.SUCCEEDED
    assert Command(town).rollback("r2") is Outcome.SUCCEEDED
    whole(town, "d1")


def test_a_rollback_over_an_expanded_schema_needs_the_proof_of_step_six() -> None:
    town = deployed()
    town.head = "0002.sql"
    Command(town).deploy("d2", COMMIT_B)
    town.head = "0003.sql"
    Command(town).deploy("d3", COMMIT_C)
    assert Command(town).rollback("r1", to="d1") is Outcome.STOPPED
    assert (
        "nothing proves that 1.0-aaaaaaaaaaaa runs on schema 0003.sql" in journal_end(town, "r1")["message"]
    )
    whole(town, "d3")
    assert Command(town).rollback("r2") is Outcome.SUCCEEDED
    whole(town, "d2")
    assert town.databases.at(LIVE).ddl == "-- 0003.sql"


def test_the_proof_is_bound_to_release_backup_and_revisions() -> None:
    town = deployed()
    assert Command(town).operation("d1").result("prove")["rehearsal"] is None
    town.head = "0002.sql"
    Command(town).deploy("d2", COMMIT_B)
    operation = Command(town).operation("d2")
    former = operation.former()
    assert former is not None
    assert operation.result("prove")["rehearsal"] == {
        "kind": "B",
        "proved": "full",
        "release": "d1",
        "artifact_sha256": former.artifact_sha256,
        "backup_sha256": operation.result("backup")["sha256"],
        "before": "0001.sql",
        "after": "0002.sql",
    }


@pytest.mark.parametrize("key", ["release", "artifact_sha256", "backup_sha256", "after"])
def test_a_rehearsal_of_something_else_is_no_proof(key: str) -> None:
    town = deployed()
    town.head = "0002.sql"
    Command(town).deploy("d2", COMMIT_B)
    path = _LAYOUT.journal("d2")
    _rewrite(town, path, lambda data: data["rehearsal"].update({key: "another"}))
    assert Command(town).rollback("r1") is Outcome.STOPPED
    assert "nothing proves that 1.0-aaaaaaaaaaaa runs on schema 0002" in journal_end(town, "r1")["message"]
    _rewrite(town, path, lambda data: data.pop("rehearsal"))
    assert Command(town).rollback("r2") is Outcome.STOPPED
    whole(town, "d2")


def test_a_release_that_served_on_the_schema_of_now_may_be_gone_back_to() -> None:
    town = deployed()
    town.databases.at(LIVE).ddl = "-- 0002.sql"
    town.head = "0002.sql"
    Command(town).deploy("d2", COMMIT_B)
    assert Command(town).operation("d2").result("prove")["class"] == "A"
    assert Command(town).rollback("r1") is Outcome.SUCCEEDED
    assert Command(town).operation("r1").result("choose")["revision"] == "0002.sql"


def test_a_changed_artifact_is_no_way_back() -> None:
    town = deployed()
    Command(town).deploy("d2", COMMIT_B)
    town.files.content[_LAYOUT.release("d1") / "artifact" / "town-1.whl"] += b"!"
    assert Command(town).rollback("r1") is Outcome.STOPPED
    assert "gone or was changed" in journal_end(town, "r1")["message"]


@pytest.mark.parametrize(
    ("damaged", "words"),
    [
        ("", "its virtual environment is gone"),
        ("bin/python", "its virtual environment is gone"),
        (f"{SITE}/town/__init__.py", "town/__init__.py is gone"),
    ],
)
def test_a_release_that_cannot_run_as_it_was_built_is_no_way_back(damaged: str, words: str) -> None:
    town = deployed()
    Command(town).deploy("d2", COMMIT_B)
    Command(town).deploy("d3", COMMIT_C)
    town.files.remove(_LAYOUT.venv("d2") / damaged)
    assert Command(town).rollback("r1", to="d2") is Outcome.STOPPED
    said = f"what is installed of 1.0-bbbbbbbbbbbb is damaged: {words}"
    assert journal_end(town, "r1")["message"] == said
    assert Command(town).rollback("r2") is Outcome.SUCCEEDED
    whole(town, "d1")
    summary = Command(town).operation("r2").result("choose")["summary"]
    assert summary.endswith(f"; skipped: {said}")


def test_an_edited_or_added_file_of_the_installed_package_is_no_way_back() -> None:
    for name, words in (("__init__.py", "is not what was built"), ("evil.py", "is foreign")):
        town = deployed()
        Command(town).deploy("d2", COMMIT_B)
        town.files.content[_LAYOUT.venv("d1") / SITE / "town" / name] = b"edited"
        assert Command(town).rollback("r1") is Outcome.STOPPED
        assert f"town/{name} {words}" in journal_end(town, "r1")["message"]
        whole(town, "d2")


@pytest.mark.parametrize("durable", [False, True])
def test_killed_at_every_record_of_a_rollback(durable: bool) -> None:  # noqa: FBT001
    town = deployed()
    Command(town).deploy("d2", COMMIT_B)
    Command(town).rollback("r1")
    for number in range(2, records(town, "r1") + 1):
        town = deployed()
        Command(town).deploy("d2", COMMIT_B)
        with pytest.raises(Killed):
            Command(town, number, durable).rollback("r1")
        assert Command(town).resume("r1") is Outcome.SUCCEEDED
        whole(town, "d1")


def test_an_old_release_that_does_not_become_ready_again_is_stopped_and_kept() -> None:
    town = deployed()
    Command(town).deploy("d2", COMMIT_B)
    town.broken = {"old-ready"}
    assert Command(town).rollback("r1") is Outcome.STOPPED
    end = journal_end(town, "r1")
    assert end["step"] == "stage"
    assert "not ready within 3 s" in end["message"]
    assert town.alive() == {"d2"}
    whole(town, "d2")
    town.broken = set()
    assert Command(town).rollback("r2") is Outcome.SUCCEEDED
    whole(town, "d1")


@pytest.mark.parametrize("warm", [True, False])
def test_an_aborted_rollback_leaves_the_old_release_warm_or_stopped_as_it_was(warm: bool) -> None:  # noqa: FBT001
    town = deployed()
    Command(town).deploy("d2", COMMIT_B)
    town.ground.instances["d1"].alive = warm
    with pytest.raises(Killed):
        Command(town, kill_at=8).rollback("r1")
    assert Command(town).operation("r1").journal.progress().done.keys() == {"lock", "choose", "stage"}
    assert town.alive() == {"d1", "d2"}
    assert Command(town).abort("r1") is Outcome.STOPPED
    assert town.alive() == ({"d1", "d2"} if warm else {"d2"})
    whole(town, "d2")


def test_retention_keeps_what_serves_the_way_back_and_the_last_good_ones() -> None:
    town = deployed()
    for number in range(2, 8):
        Command(town).deploy(f"d{number}", f"{number}" * 40)
    kept = {path.parent.name for path in town.files.content if path.name == "good.json"}
    assert kept == {"d5", "d6", "d7"}
    assert town.alive() == {"d6", "d7"}
    assert len([p for p in town.files.content if p.match("backups/*/manifest.json")]) == 5


def test_another_database_than_the_serving_release_uses_is_refused() -> None:
    town = deployed()
    town.databases.at(LIVE).ddl = ""
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    end = journal_end(town, "d2")
    assert end["step"] == "backup"
    assert "never migrated, but 1.0-aaaaaaaaaaaa serves and needs 0001.sql" in end["message"]
    whole(town, "d1")


def test_a_release_that_serves_again_is_no_longer_one_that_was_left() -> None:
    town = deployed()
    Command(town).deploy("d2", COMMIT_B)
    Command(town).rollback("r1")
    assert Command(town).rollback("r2", to="d2") is Outcome.SUCCEEDED
    Command(town).deploy("d3", COMMIT_C)
    assert Command(town).rollback("r3") is Outcome.SUCCEEDED
    whole(town, "d2")


def test_a_rollback_leaves_what_was_deployed_more_than_once() -> None:
    town = deployed()
    Command(town).deploy("d2", COMMIT_B)
    Command(town).deploy("d3", COMMIT_B)
    assert Command(town).rollback("r1") is Outcome.SUCCEEDED
    whole(town, "d1")


def test_the_same_release_alone_is_no_way_back_but_can_be_named() -> None:
    town = deployed()
    Command(town).deploy("d2", COMMIT_A)
    assert Command(town).rollback("r1") is Outcome.STOPPED
    assert journal_end(town, "r1")["message"].endswith("no good release is another one than the serving one")
    assert Command(town).rollback("r2", to="d1") is Outcome.SUCCEEDED
    whole(town, "d1")


def test_a_rollback_takes_the_next_good_release_when_the_newest_is_damaged() -> None:
    town = deployed()
    Command(town).deploy("d2", COMMIT_B)
    Command(town).deploy("d3", COMMIT_C)
    town.files.content[_LAYOUT.release("d2") / "artifact" / "town-1.whl"] += b"!"
    assert Command(town).rollback("r1") is Outcome.SUCCEEDED
    whole(town, "d1")


def test_a_rollback_names_a_release_whose_manifest_is_spoilt_and_takes_the_next() -> None:
    town = Town()
    first, spoilt = (f"20260301T12000{n}000Z-{COMMIT_A[:12]}" for n in (0, 1))
    for name, commit in ((first, COMMIT_A), (spoilt, COMMIT_B), ("d3", COMMIT_C)):
        assert Command(town).deploy(name, commit) is Outcome.SUCCEEDED
    town.files.content[_LAYOUT.manifest(spoilt)] = b'{"id'
    said = f"release {spoilt}: {_LAYOUT.manifest(spoilt)}: cannot be read: it is no JSON"
    assert Command(town).rollback("r1", to=spoilt) is Outcome.STOPPED
    assert journal_end(town, "r1")["message"] == said
    assert Command(town).rollback("r2") is Outcome.SUCCEEDED
    whole(town, first)
    assert Command(town).operation("r2").result("choose")["summary"].endswith(f"; skipped: {said}")
    assert Command(town).rollback("r3") is Outcome.STOPPED
    assert journal_end(town, "r3")["message"] == f"no good release is older than the serving one; {said}"


def test_the_backup_of_a_database_that_was_migrated_is_kept() -> None:
    town = deployed()
    town.head, town.broken = "0002.sql", {"ready"}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    assert _LAYOUT.backup("d2") / "manifest.json" in town.files.content
    town.head, town.broken = "0002.sql", {"ready"}
    assert Command(town).deploy("d3", COMMIT_C) is Outcome.STOPPED
    assert _LAYOUT.backup("d3") / "manifest.json" not in town.files.content


@pytest.mark.parametrize("stage", [Stage.RUNNING, Stage.WATCHED])
def test_a_rollback_to_a_release_that_fails_a_check_is_done_and_names_it(stage: Stage) -> None:
    town = deployed()
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert Command(town, failing=stage).rollback("r1") is Outcome.SUCCEEDED
    assert town.serving() == "d1"
    progress = Command(town).operation("r1").journal.progress()
    assert progress.done["switch"]["failing"] == ["OPS005"]


def test_a_journal_that_cannot_be_written_is_resumable_and_never_called_stopped() -> None:
    town = deployed()
    town.files.refuse = {}
    command = Command(town)
    refused = StepFailed("no space is left on the disk", "make room")
    town.on_route = lambda: town.files.refuse.update({_LAYOUT.journal("d2"): refused})
    with pytest.raises(Interrupted, match="nothing more is done: no space is left") as stopped:
        command.deploy("d2", COMMIT_B)
    assert stopped.value.hint == "make room; then hotelctl resume goes on, hotelctl abort takes it back"
    assert town.serving() == "d2"
    town.files.refuse, town.on_route = {}, None
    assert Command(town).resume("d2") is Outcome.SUCCEEDED
    whole(town, "d2")
