"""What a rollback to a warm release does before traffic is back, and what it leaves for later."""

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.conftest import a_site
from tests.system.site import LIMIT_S, REPOSITORY, Site
from tests.system.wharf import cleared, driven, on_docker

if TYPE_CHECKING:
    from docker import DockerClient


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
}
_ENGINE = ("docker", "requests", "urllib3", "charset_normalizer", "chardet")


def _rolled_back(site: Site) -> dict[str, Any]:
    """What a rollback to the warm release before had started and read when traffic moved."""
    site.change()
    site.deploy().expect(0)
    told = site.temporary / "flip.json"
    script = REPOSITORY / "tests" / "system" / "before_the_flip.py"
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(site.temporary), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, str(script), str(told), "rollback", "--yes"],
        cwd=site.root,
        env=env,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before: dict[str, Any] = json.loads(told.read_text())
    told.unlink()
    return before


@pytest.mark.system
def test_before_the_flip_few_programs_are_started_and_little_is_read(served: Site) -> None:
    before = _rolled_back(served)
    assert len(before["programs"]) <= _MOST_PROGRAMS, before["programs"]
    assert all("git" in words for words in before["programs"]), before["programs"]
    assert not (_FOR_LATER | {"docker"}) & set(before["modules"])
    assert len(before["modules"]) < _MOST_MODULES


@pytest.mark.system
@pytest.mark.engine
def test_from_containers_it_is_no_more_than_the_library_of_the_engine(engine: "DockerClient") -> None:
    driven(engine)
    with a_site() as made, cleared(engine, made):
        on_docker(made).deploy().expect(0)
        before = _rolled_back(made)
    assert len(before["programs"]) <= _MOST_PROGRAMS, before["programs"]
    assert not _FOR_LATER & set(before["modules"])
    assert len([name for name in before["modules"] if not name.startswith(_ENGINE)]) < _MOST_MODULES
