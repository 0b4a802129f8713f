"""What a rollback to a warm release does before traffic is back, and what it leaves for later."""

import json
import os
import subprocess
import sys

import pytest

from tests.system.site import LIMIT_S, REPOSITORY, Site

pytestmark = pytest.mark.system

# Git tells which commit is checked out and what differs from it; nothing else is asked of a program.
_MOST_PROGRAMS = 9
_MOST_MODULES = 1000
# What no rollback needs before it, by what it is for.
_FOR_LATER = {
    "hotelctl.adapters.chronicle.store",  # the shared history
    "hotelctl.adapters.wire.watch",  # watching a migration
    "hotelctl.deploy.image",  # building one
    "hotelctl.deploy.steps.build",
    "hotelctl.deploy.steps.prove",
    "hotelctl.render.html",  # the report
    "hotelctl.render.markdown",
    "sqlalchemy",
    "jinja2",
    "docker",
}


def test_before_the_flip_few_programs_are_started_and_little_is_read(served: Site) -> None:
    served.change()
    served.deploy().expect(0)
    told = served.temporary / "flip.json"
    script = REPOSITORY / "tests" / "system" / "before_the_flip.py"
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(served.temporary), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, str(script), str(told), "rollback", "--yes"],
        cwd=served.root,
        env=env,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before = json.loads(told.read_text())
    told.unlink()
    assert len(before["programs"]) <= _MOST_PROGRAMS, before["programs"]
    assert all("git" in words for words in before["programs"]), before["programs"]
    assert not _FOR_LATER & set(before["modules"])
    assert len(before["modules"]) < _MOST_MODULES
