"""Images built by a real engine: what is told meanwhile, what it is called, and each way to fail."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.docker_build import DockerBuilds
from hotelctl.adapters.process import LocalProcesses
from hotelctl.core.errors import StepFailed
from hotelctl.core.image_builds import Recipe
from tests.engine import BASE
from tests.fakes.evidence import FakeEvidence
from tests.fakes.processes import FakeProcesses

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]

_NAME = f"hotelctl-test-builds-{os.getpid()}"
_SECRET = "ghp_" + "Zt6pW3nB8qL5" * 3


def _recipe(place: Path, text: str, *, limit_s: float = 120, **args: str) -> Recipe:
    place.mkdir(exist_ok=True)
    (place / "Dockerfile").write_text(f"FROM {BASE}\n{text}", encoding="utf-8")
    return Recipe(place, place / "Dockerfile", args, {"hotelctl.test": _NAME}, limit_s)


@pytest.fixture
def builds(engine: "DockerClient") -> Iterator[DockerBuilds]:
    assert engine.ping()
    yield DockerBuilds(os.environ, FakeEvidence(), FakeProcesses())
    left = {one.id for one in engine.images.list(filters={"label": f"hotelctl.test={_NAME}"})}
    for image_id in left:
        engine.images.remove(image_id, force=True)


def test_what_it_does_is_told_and_recorded(builds: DockerBuilds, tmp_path: Path) -> None:
    lines: list[str] = []
    recipe = _recipe(tmp_path / "c", "ARG WORD\nRUN echo $WORD there && echo next\n", WORD="hello")
    made = builds.build(recipe, lines.append)
    assert f"1/4 FROM {BASE}" in lines
    assert "3/4 RUN echo $WORD there && echo next" in lines
    assert {"hello there", "next"} <= {*lines}
    assert made.id.startswith("sha256:")
    assert made.labels["hotelctl.test"] == _NAME
    assert builds.build(recipe, lines.append).id == made.id, "a repeat finds what is done"


@pytest.mark.usefixtures("builds")
def test_the_commands_of_a_build_leave_the_processor_to_what_serves(tmp_path: Path) -> None:
    asks = "cat /sys/fs/cgroup/cpu/cpu.shares 2>/dev/null || cat /sys/fs/cgroup/cpu.weight"

    def share(*, low_priority: bool) -> int:
        lines: list[str] = []
        recipe = _recipe(tmp_path / "c", f"RUN : {low_priority} && {asks}\n")
        one = DockerBuilds(os.environ, FakeEvidence(), FakeProcesses(), low_priority=low_priority)
        one.build(recipe, lines.append)
        (found,) = [int(line) for line in lines if line.isdecimal()]
        return found

    assert share(low_priority=True) * 5 <= share(low_priority=False)


def test_only_what_is_not_ignored_is_sent(builds: DockerBuilds, tmp_path: Path) -> None:
    recipe = _recipe(tmp_path / "c", "COPY . /srv/\nRUN cd /srv && find . -type f | sort\n")
    for name in ("kept.txt", "left.txt", ".env"):
        (recipe.context / name).write_text("x", encoding="utf-8")
    (recipe.context / ".dockerignore").write_text("# none of it\n*\n!kept.txt\n", encoding="utf-8")
    lines: list[str] = []
    builds.build(recipe, lines.append)
    assert [line for line in lines if line.startswith("./")] == ["./kept.txt"]


def test_a_dockerfile_beside_what_is_sent_is_used(builds: DockerBuilds, tmp_path: Path) -> None:
    recipe = _recipe(tmp_path / "c", "COPY only.txt /\n")
    inside = recipe.context / "inside"
    inside.mkdir()
    (inside / "only.txt").write_text("x", encoding="utf-8")
    beside = Recipe(inside, recipe.dockerfile, {}, recipe.labels, 60)
    assert builds.build(beside, lambda _: None).id


def test_a_step_that_fails_is_told_with_its_last_words_and_no_secret(
    builds: DockerBuilds, tmp_path: Path
) -> None:
    recipe = _recipe(tmp_path / "c", f"RUN echo token {_SECRET} && echo broken pipe && false\n")
    with pytest.raises(StepFailed, match=r"step 2/3 RUN .* fails: .*broken pipe") as failed:
        builds.build(recipe, lambda _: None)
    assert _SECRET not in failed.value.message


def test_a_base_that_is_not_there_is_told(builds: DockerBuilds, tmp_path: Path) -> None:
    recipe = _recipe(tmp_path / "c", "")
    recipe.dockerfile.write_text("FROM localhost:1/nobody/has:1\n", encoding="utf-8")
    with pytest.raises(
        StepFailed, match=r"step 1/2 FROM localhost:1/nobody/has:1 fails: .*connection refused"
    ):
        builds.build(recipe, lambda _: None)


def test_a_full_disk_is_told_as_what_it_is(builds: DockerBuilds, tmp_path: Path) -> None:
    recipe = _recipe(tmp_path / "c", "RUN head -c 99999999 /dev/zero > /dev/shm/x\n")
    with pytest.raises(StepFailed, match=r"the container engine's disk is full, at step 2/3 RUN head"):
        builds.build(recipe, lambda _: None)


def test_at_its_limit_it_ends_and_leaves_no_container(
    engine: "DockerClient", builds: DockerBuilds, tmp_path: Path
) -> None:
    recipe = _recipe(tmp_path / "c", f"RUN echo {_NAME} && sleep 300\n", limit_s=5)
    began = time.monotonic()
    with pytest.raises(StepFailed, match=r"is not built after 5 s, at step 2/3 RUN echo .* sleep 300"):
        builds.build(recipe, lambda _: None)
    assert time.monotonic() - began < 20
    _await_none(engine)


_BUILDS = """
import os, sys
from pathlib import Path
from hotelctl.adapters.docker_build import DockerBuilds
from hotelctl.core.image_builds import Recipe
from tests.fakes.evidence import FakeEvidence
from tests.fakes.processes import FakeProcesses
place = Path(sys.argv[1])
recipe = Recipe(place, place / "Dockerfile", {}, {}, 300)
DockerBuilds(os.environ, FakeEvidence(), FakeProcesses()).build(recipe, lambda line: print(line, flush=True))
"""


def test_killed_in_the_middle_it_leaves_no_container(engine: "DockerClient", tmp_path: Path) -> None:
    recipe = _recipe(tmp_path / "c", f"RUN echo {_NAME}; sleep 300\n")
    program = [sys.executable, "-c", _BUILDS, str(recipe.context)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=os.environ) as running:
        assert running.stdout is not None
        assert any(line.strip() == _NAME for line in running.stdout)
        assert _containers(engine)
        running.send_signal(signal.SIGKILL)
    _await_none(engine)


def _containers(engine: "DockerClient") -> list[str]:
    """Those that run a step of this module."""
    found = engine.api.containers(all=True)
    return [one["Id"] for one in found if _NAME in one["Command"] or "sleep 300" in one["Command"]]


def _await_none(engine: "DockerClient") -> None:
    end = time.monotonic() + 60
    while _containers(engine) and time.monotonic() < end:
        time.sleep(0.2)
    assert not _containers(engine)


def test_names_are_given_moved_and_taken_back(
    engine: "DockerClient", builds: DockerBuilds, tmp_path: Path
) -> None:
    one, two = f"{_NAME}:1.0-aaa", f"{_NAME}:1.0"
    first = builds.build(_recipe(tmp_path / "c", "RUN echo 1\n"), lambda _: None)
    second = builds.build(_recipe(tmp_path / "c", "RUN echo 2\n"), lambda _: None)
    assert builds.named(one) is None
    builds.name(first.id, (one, two))
    builds.name(second.id, (two,))
    found = builds.named(two)
    assert found == second
    builds.unname(first.id, (one, two))
    assert builds.named(one) is None
    assert builds.named(two) == second, "the name is another's by now"
    assert first.id not in {image.id for image in engine.images.list()}, "nobody has it any more"


def test_what_a_container_needs_keeps_its_name_until_the_container_is_gone(
    engine: "DockerClient", builds: DockerBuilds, tmp_path: Path
) -> None:
    name = f"{_NAME}:needed"
    made = builds.build(_recipe(tmp_path / "c", "RUN echo needed\n"), lambda _: None)
    builds.name(made.id, (name,))
    held = engine.containers.create(name, ["true"])
    builds.unname(made.id, (name,))
    assert builds.named(name) == made
    held.remove()
    builds.unname(made.id, (name,))
    assert builds.named(name) is None


def test_one_whose_names_are_another_s_by_now_is_gone(
    engine: "DockerClient", builds: DockerBuilds, tmp_path: Path
) -> None:
    name = f"{_NAME}:anew"
    first = builds.build(_recipe(tmp_path / "c", "RUN echo first\n"), lambda _: None)
    second = builds.build(_recipe(tmp_path / "c", "RUN echo second\n"), lambda _: None)
    builds.name(first.id, (name,))
    builds.name(second.id, (name,))
    builds.unname(first.id, (name,))
    assert builds.named(name) == second
    assert first.id not in {image.id for image in engine.images.list(all=True)}


def test_an_engine_that_is_not_there_stops_the_step(tmp_path: Path) -> None:
    nobody = DockerBuilds({"DOCKER_HOST": f"unix://{tmp_path}/none"}, FakeEvidence(), FakeProcesses())
    with pytest.raises(StepFailed, match="the image cannot be built: the container engine cannot be asked"):
        nobody.build(_recipe(tmp_path / "c", ""), lambda _: None)


@pytest.fixture
def buildkit(builds: DockerBuilds) -> DockerBuilds:  # noqa: ARG001 - it takes what was built away
    """By Debian's `docker`, which speaks to BuildKit by itself; newer ones need the plugin buildx."""
    processes = LocalProcesses(FakeEvidence(), SystemClock(), os.environ | {"PATH": "/usr/bin:/bin"})
    return DockerBuilds(os.environ, FakeEvidence(), processes)


def _newer(place: Path, text: str, *, limit_s: float = 120) -> Recipe:
    return replace(_recipe(place, text, limit_s=limit_s), needs_buildkit=True)


def test_what_only_buildkit_knows_is_built_by_it(buildkit: DockerBuilds, tmp_path: Path) -> None:
    lines: list[str] = []
    text = "RUN --mount=type=cache,target=/c echo kept > /c/x && cat /c/x\nCOPY --chmod=700 Dockerfile /d\n"
    made = buildkit.build(_newer(tmp_path / "c", text), lines.append)
    assert made.labels["hotelctl.test"] == _NAME
    assert "RUN --mount=type=cache,target=/c echo kept > /c/x && cat /c/x" in lines
    assert lines[-1] != ""


def test_what_fails_there_is_told_with_its_last_words_and_no_secret(
    buildkit: DockerBuilds, tmp_path: Path
) -> None:
    text = f"RUN --mount=type=tmpfs,target=/t echo token {_SECRET} && echo broken pipe && false\n"
    with pytest.raises(StepFailed, match=r"step RUN .* fails: .*broken pipe") as failed:
        buildkit.build(_newer(tmp_path / "c", text), lambda _: None)
    assert _SECRET not in failed.value.message


def test_at_its_limit_it_ends_there_too(buildkit: DockerBuilds, tmp_path: Path) -> None:
    began, slept = time.monotonic(), f"{3000 + os.getpid() % 1000}.25"
    with pytest.raises(StepFailed, match="is not built after 5 s"):
        buildkit.build(
            _newer(tmp_path / "c", f"RUN --mount=type=tmpfs,target=/t sleep {slept}\n", limit_s=5), print
        )
    assert time.monotonic() - began < 60
    # Containers of BuildKit are none of the engine's: the machine tells what runs.
    while _runs(slept) and time.monotonic() - began < 60:
        time.sleep(0.2)
    assert not _runs(slept)


def _runs(word: str) -> bool:
    """Whether a program runs with that word in its command line."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if word.encode() in path.read_bytes():
                return True
    return False
