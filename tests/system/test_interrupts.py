"""Ctrl-C, a second command and `kill -9` in the middle of long work: nothing is lost, the way on is named."""

import math
import os
import random
import re
import signal
import socket
from datetime import datetime
from pathlib import Path

import pytest

from hotelctl.deploy.journal import Kind, Record
from tests.system.journals import outcome
from tests.system.killing import Before, Way, assert_serves, end
from tests.system.running import Running
from tests.system.site import LIMIT_S, Ended, Site
from tests.system.tidiness import assert_no_leftovers

pytestmark = pytest.mark.system

STEPS = ("lock", "preflight", "test", "build", "backup", "prove", "migrate", "stage", "switch")


def interrupted(site: Site, step: str, *words: str) -> Ended:
    """How the command ended that got one SIGINT while `step` ran."""
    running = Running.of(site, *words)
    running.reach(step)
    running.send(signal.SIGINT)
    return running.end()


def test_ctrl_c_in_any_step_lets_it_end_and_names_the_way_on(served: Site) -> None:
    before, commit = Before.of(served), served.change()
    done: list[str] = []
    for step in STEPS:
        if step in done:
            continue
        ended = interrupted(served, step, *(("resume",) if done else ("deploy", "--yes"))).expect(75)
        assert "stopping after the current action" in ended.err
        assert "hotelctl resume" in ended.err
        done = [record.step for record in served.records() if record.kind is Kind.DONE]
        assert step in done
        assert "hotelctl resume" in served.facts("status")["open"]
        assert served.report()["verdict"] == "interrupted"
        served.run("report", "verify").expect(0)
    served.run("resume").expect(0)
    assert_serves(served, served.operations()[-1], commit, before.serving)
    finished = [record.step for record in served.records() if record.kind is Kind.DONE]
    assert (len(finished), len(set(finished))) == (10, 10)


def test_ctrl_c_in_the_last_step_may_come_too_late(served: Site) -> None:
    served.change()
    ended = interrupted(served, "finish", "deploy", "--yes").expect(0)
    assert "stopping after the current action" in ended.err
    assert outcome(served.records()) == "succeeded"


def test_twice_ends_at_once_and_resume_goes_on(served: Site) -> None:
    before = Before.of(served)
    served.change()
    running = Running.of(served, "deploy", "--yes")
    running.reach("test")
    running.send(signal.SIGINT)
    running.hear("once more ends it at once")
    running.send(signal.SIGINT)
    assert running.end().code == -signal.SIGKILL
    assert ("test", Kind.DONE) not in {(record.step, record.kind) for record in served.records()}
    assert end(served, "resume", before) == "succeeded"


@pytest.mark.parametrize("words", [("validate",), ("plan",), ("status",)])
def test_ctrl_c_in_what_changes_nothing_ends_with_130(served: Site, words: tuple[str, ...]) -> None:
    whole = Running.of(served, *words)
    whole_s = whole.work(math.inf)
    whole.end()
    codes = set()
    for share in (0.3, 0.5, 0.7):  # from the reading of the modules to the work itself
        running = Running.of(served, *words)
        running.work(share * whole_s)
        running.send(signal.SIGINT)
        ended = running.end()
        assert "Traceback" not in ended.err, str(ended)
        assert ended.code != 130 or ended.err.endswith("hotelctl: interrupted\n")
        # In the last moments of the interpreter the signal itself is the end: a shell calls that 130, too.
        codes.add(130 if ended.code == -signal.SIGINT else ended.code)
    assert 130 in codes
    assert codes <= {0, 130}


def test_what_a_killed_validate_was_installing_is_gone_with_the_next_one(
    served: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # the outside tools are not there yet
    with socket.create_server(("127.0.0.1", 0)) as index:
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{index.getsockname()[1]}/simple")
        index.settimeout(LIMIT_S)
        running = Running.of(served, "validate", "--only", "SEC001")
        index.accept()[0].close()
        running.send(signal.SIGKILL)
        running.end()
    served.run("validate", "--only", "ENV001")
    assert_no_leftovers(served)


def test_a_second_command_is_told_who_holds_the_environment_where_and_since_when(served: Site) -> None:
    served.change()
    first = Running.of(served, "deploy", "--yes")
    first.reach("test")
    # It waits where it is, however long the others take; the step is on record a moment before or after.
    os.kill(first.process.pid, signal.SIGSTOP)
    try:
        for words in (("deploy", "--yes"), ("abort",)):
            refused = served.run(*words).expect(73)
            assert re.search(rf"\(pid {first.process.pid}, alive\), step (preflight|test), for ", refused.err)
        assert "is locked" in served.run("lock", "release").expect(73).err
        waiting = Running.of(served, "rollback", "--yes", "--wait", "300")
        waiting.hear(f"waiting up to 300 s for deploy {served.operations()[-1]}")
        assert served.facts("lock", "status")["held"] is True
    finally:
        os.kill(first.process.pid, signal.SIGCONT)
    first.end().expect(0)
    waiting.end().expect(0)
    assert served.report()["kind"] == "rollback"
    assert served.facts("lock", "release")["held"] is False


def test_a_deploy_settles_what_a_killed_one_left(served: Site) -> None:
    before = Before.of(served)
    served.change()
    assert served.run("deploy", "--yes", fault="after@19").code == -signal.SIGKILL
    left = served.operations()[-1]
    half = served.state / "deploys" / left / "source.part"
    half.mkdir()
    commit = served.change()
    ended = served.deploy().expect(0)
    assert left in ended.err
    assert outcome(served.records(left)) == "stopped"
    assert not half.exists()
    assert not (served.state / "releases" / left).exists()
    assert_serves(served, served.operations()[-1], commit, before.serving)


def long_moments(records: tuple[Record, ...], number: int) -> list[tuple[str, float]]:
    """Random moments inside the long steps that `records` tell of: the step, and seconds after its begin."""
    told = {(record.step, record.kind): datetime.fromisoformat(record.ts_utc) for record in records}
    steps = ("test", "build", "prove", *random.choices(("test", "build", "prove"), k=number - 3))  # noqa: S311 - any will do
    took = {step: (told[step, Kind.DONE] - told[step, Kind.INTENT]).total_seconds() for step in steps}
    return [(step, random.uniform(0, took[step])) for step in steps]  # noqa: S311 - same


def test_killed_in_long_work_it_goes_on_or_back_and_nothing_is_left(served: Site) -> None:
    served.change()
    served.deploy().expect(0)
    for turn, (step, after_s) in enumerate(long_moments(served.records(), 6)):
        way: Way = "abort" if turn % 2 else "resume"
        before = Before.of(served)
        served.migrate()
        running = Running.of(served, "deploy", "--yes")
        running.reach(step)
        running.stay(step, after_s)
        running.send(signal.SIGKILL)
        running.end()
        print(f"killed {after_s:.3f} s into {step}, then {way}")  # noqa: T201 - shown when it fails
        assert end(served, way, before) == {"resume": "succeeded", "abort": "stopped"}[way]
