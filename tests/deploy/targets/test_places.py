import os
import subprocess
import sys
from pathlib import Path

import pytest

from hotelctl.deploy.layout import Layout
from hotelctl.deploy.targets.places import Places


def test_what_the_steps_write_is_where_the_processes_look_for_it(tmp_path: Path) -> None:
    places, layout = Places(tmp_path), Layout(tmp_path)
    for name in ("release", "venv", "manifest", "release_log"):
        assert getattr(places, name)("d1") == getattr(layout, name)("d1")


def test_private_directories_are_the_owners_and_git_sees_none(tmp_path: Path) -> None:
    places = Places(tmp_path / "local")
    places.make()
    places.make()
    assert (places.state / ".gitignore").read_text() == "*\n"
    for private in (places.supervisor, places.units, places.observed, places.edge):
        assert private.stat().st_mode & 0o777 == 0o700


@pytest.mark.system
def test_the_supervisor_needs_nothing_but_the_standard_library() -> None:
    script = "import sys, hotelctl.deploy.targets.supervisor; print(*sys.modules)"
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-P", "-S", "-c", script], env=environ, capture_output=True, text=True, check=True
    )
    ours = {name.removeprefix("hotelctl.") for name in done.stdout.split() if name.startswith("hotelctl.")}
    assert "deploy.layout" in ours
    assert not {name for name in ours if name.startswith(("core", "config", "adapters", "cli"))}
