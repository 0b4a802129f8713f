"""`hotelctl rehearse`: both ways back are gone on a copy, and the environment never notices."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.services.checkout import commit_all
from tests.system.running import Running
from tests.system.site import REPOSITORY, Site
from tests.system.tidiness import assert_no_leftovers, processes

pytestmark = pytest.mark.system

_ACTS = ["data", "current", "crash", "candidate", "rollback", "restore", "verify"]
_SWEEP = """
import sys
from pathlib import Path
from hotelctl.cli._rehearsal_copy import sweep
sweep(Path(sys.argv[1]))
"""


def _standing(site: Site) -> dict[str, Any]:
    """What a rehearsal must leave alone."""
    return {
        "operations": site.operations(),
        "answers": site.answers(),
        "pointer": site.places.active.read_text(),
        "backups": sorted(path.name for path in (site.state / "backups").iterdir()),
        "programs": [(one.pid, one.role) for one in processes(site)],
        "tree": subprocess.check_output(["git", "status", "--porcelain"], cwd=site.root, text=True),
        "commits": subprocess.check_output(["git", "rev-list", "--all"], cwd=site.root, text=True),
    }


def test_a_crash_and_a_rollback_are_rehearsed_on_a_copy_with_the_data_of_the_newest_backup(
    served: Site,
) -> None:
    served.migrate()
    before = _standing(served)
    ended = served.run("rehearse", "--format", "json").expect(0)
    report = json.loads(ended.out)
    assert [(step["name"], step["status"]) for step in report["steps"]] == [(one, "done") for one in _ACTS]
    said = {step["name"]: step["summary"] for step in report["steps"]}
    assert before["backups"][-1] in said["data"]
    assert "traffic was back after" in said["crash"]
    assert "; 0 of " in said["candidate"]
    assert "; 0 of " in said["rollback"]
    assert said["verify"] == "OPS008 pass, OPS011 pass"
    assert (report["kind"], report["verdict"]) == ("rehearse", "ready")
    assert all(step["evidence"] for step in report["steps"])
    served.run("report", "verify").expect(0)
    assert _standing(served) == before
    assert list((served.root / ".hotelctl" / "rehearsals").iterdir()) == []
    (noted,) = (served.state / "rehearsals").glob("*.json")
    assert json.loads(noted.read_text())["current"] == served.answers()["commit"]


def test_a_candidate_that_does_not_start_is_told_and_nothing_of_it_stays(served: Site) -> None:
    before = _standing(served)
    file = served.root / "hotelctl.toml"
    usual = file.read_text()
    file.write_text(usual.replace('ready = "/ready"', 'ready = "/never"'))
    commit_all(served.root, "Never ready")
    try:
        ended = served.run("rehearse").expect(1)
    finally:
        subprocess.run(["git", "reset", "--quiet", "--hard", "HEAD~1"], cwd=served.root, check=True)
    assert "act 3 (crash) failed" in ended.out
    assert "/never" in ended.out
    assert _standing(served) == before
    assert list((served.root / ".hotelctl" / "rehearsals").iterdir()) == []


def test_a_service_file_that_no_commit_holds_is_refused(served: Site) -> None:
    other = served.root / "other.toml"
    other.write_text((served.root / "hotelctl.toml").read_text())
    try:
        refused = served.run("rehearse", "--service", "other.toml").expect(2)
    finally:
        other.unlink()
    assert "is in no commit" in refused.err


def test_a_database_that_the_commit_names_is_not_touched(served: Site) -> None:
    file = served.root / "hotelctl.toml"
    usual = file.read_text()
    assert "[run.env]" in usual
    url = "postgresql://nobody@127.0.0.1:1/live"
    file.write_text(usual.replace("[run.env]", f'[run.env]\nNOTES_DATABASE_URL = "{url}"', 1))
    commit_all(served.root, "A database in the service file")
    try:
        refused = served.run("rehearse").expect(2)
    finally:
        subprocess.run(["git", "reset", "--quiet", "--hard", "HEAD~1"], cwd=served.root, check=True)
    assert "a copy would change that database" in refused.err


def test_what_a_killed_rehearsal_left_is_swept(served: Site) -> None:
    before = {one.pid for one in processes(served)}
    home = served.root / ".hotelctl" / "rehearsals"
    running = Running.of(served, "rehearse")
    _wait_for(lambda: list(home.glob("*/c/.hotelctl/local/postgres/pgdata/postmaster.pid")), running)
    running.send(signal.SIGKILL)
    running.end()
    subprocess.run([sys.executable, "-c", _SWEEP, str(home)], cwd=REPOSITORY, check=True, timeout=120)
    assert list(home.iterdir()) == []
    assert {one.pid for one in processes(served)} <= before
    served.run("validate", "--only", "ENV001")
    assert_no_leftovers(served)


def _wait_for(there: Callable[[], object], running: Running) -> None:
    while not there():
        assert running.process.poll() is None, str(running.end())
        time.sleep(0.05)
