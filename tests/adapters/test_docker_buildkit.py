"""The program `docker` as it is asked for a build by BuildKit, and each way in which it does not make one."""

import os
from pathlib import Path

import pytest

from hotelctl.adapters.docker_buildkit import built
from hotelctl.adapters.docker_tunnel import TUNNELS
from hotelctl.core.errors import StepFailed
from hotelctl.core.image_builds import Recipe
from hotelctl.core.ports import Command, Completed
from tests.fakes.processes import FakeProcesses

_RECIPE = Recipe(Path("/c"), Path("/c/Dockerfile"), {"A": "1"}, {"l": "2"}, 60, needs_buildkit=True)


class _Docker(FakeProcesses):
    """Prints `said` and, where it ends well, leaves an id."""

    def __init__(self, said: str = "", code: int | None = 0, leaves: str = "sha256:1\n") -> None:
        super().__init__()
        self.said, self.code, self.leaves = said, code, leaves

    def run(self, command: Command) -> Completed:
        self.commands.append(command)
        assert command.heard is not None
        command.heard(self.said.encode())
        if self.leaves:
            Path(command.argv[command.argv.index("--iidfile") + 1]).write_text(self.leaves, encoding="ascii")
        return Completed(
            command.argv, self.code, "", self.said, timed_out=self.code is None, duration_s=1, evidence="ev-1"
        )


def _refused(docker: FakeProcesses) -> str:
    with pytest.raises(StepFailed) as failed:
        built(docker, {}, _RECIPE, lambda _: None)
    return f"{failed.value.message} | {failed.value.hint}"


def test_it_is_given_the_recipe_and_where_the_engine_is_and_nothing_else() -> None:
    docker, lines = _Docker("#2 [1/1] RUN make\n#2 0.1 hello\n"), list[str]()
    environ = {"DOCKER_HOST": "tcp://127.0.0.1:1", "NOTES_TOKEN": "x"}
    assert built(docker, environ, _RECIPE, lines.append) == "sha256:1"
    (command,) = docker.commands
    words = " ".join(command.argv)
    assert "--file /c/Dockerfile --build-arg A=1 --label l=2 /c" in words
    assert command.env["DOCKER_HOST"] == "tcp://127.0.0.1:1"
    assert command.env["BUILDX_BUILDER"] == "default"
    assert "NOTES_TOKEN" not in command.env
    assert lines == ["RUN make", "hello"]


def test_an_engine_that_ssh_reaches_is_given_as_the_socket_that_it_was_forwarded_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ssh"
    program.write_text("#!/bin/sh\necho hotelctl\nexec cat >/dev/null\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    docker = _Docker()
    try:
        built(docker, {"DOCKER_HOST": "ssh://ops@host"}, _RECIPE, lambda _: None)
        assert docker.commands[0].env["DOCKER_HOST"].startswith("unix:///")
    finally:
        TUNNELS.end()
    program.write_text("#!/bin/sh\necho 'Permission denied (publickey).' >&2\nexit 255\n")
    with pytest.raises(StepFailed, match=r"ssh does not come to ssh://ops@host: Permission denied"):
        built(docker, {"DOCKER_HOST": "ssh://ops@host"}, _RECIPE, lambda _: None)
    assert len(docker.commands) == 1


def test_each_way_of_failing_is_told_as_what_it_is() -> None:
    said = "#2 [1/1] RUN make\n#2 0.1 no header\n#2 ERROR: exit code: 2\n"
    assert _refused(_Docker(said, 1, "")).startswith(
        "the image cannot be built: step RUN make fails: no header"
    )
    full = said.replace("no header", "no space left on device")
    assert _refused(_Docker(full, 1, "")).startswith("the container engine's disk is full, at RUN make")
    assert _refused(_Docker(said, None, "")).startswith("the image is not built after 60 s")
    missing = "ERROR: BuildKit is enabled but the buildx component is missing or broken.\n"
    assert "without buildx | apt-get install docker-buildx" in _refused(_Docker(missing, 1, ""))


def test_a_good_end_without_an_image_is_none() -> None:
    assert _refused(_Docker("all is well\n", 0, "")).startswith("the image cannot be built: all is well")


def test_without_the_program_it_says_why_it_is_needed() -> None:
    docker = FakeProcesses()
    docker.absent("docker")
    assert "Dockerfile needs BuildKit, and docker is not installed" in _refused(docker)
