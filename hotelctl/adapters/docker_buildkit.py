"""An image built by BuildKit, which the program `docker` speaks to where a Dockerfile needs it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from hotelctl.adapters.docker_tunnel import TUNNELS
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.image_builds import Recipe
from hotelctl.core.ports import Command, Completed, Processes
from hotelctl.core.redact import by_shape
from hotelctl.facts.buildkit_progress import BuildKitProgress

_PROGRAM = "docker"
# What the program must know to find the engine, and who this user is at registries.
_PASSED = ("DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY", "DOCKER_CONTEXT")
# The one builder that leaves what it built with the engine.
_SETTINGS = {"DOCKER_BUILDKIT": "1", "BUILDX_BUILDER": "default", "BUILDKIT_PROGRESS": "plain"}
_NO_PLUGIN = "apt-get install docker-buildx, or docker-buildx-plugin where the engine is Docker's own"


def built(
    processes: Processes, environ: Mapping[str, str], recipe: Recipe, said: Callable[[str], None]
) -> str:
    """The id of the image, not named yet.

    Raises:
        StepFailed: an instruction fails, the program is not there or cannot speak to BuildKit, the engine
            ends meanwhile, the limit is over, a disk is full.

    """
    progress = BuildKitProgress()

    def heard(part: bytes) -> None:
        for line in progress.read(part):
            said(by_shape(line))

    with TemporaryDirectory(prefix="hotelctl-image-") as place:
        left = Path(place, "id")
        given = _reached(environ)
        env = {name: given[name] for name in _PASSED if given.get(name)} | _SETTINGS
        argv = (_PROGRAM, "build", *_words(recipe, left), str(recipe.context))
        try:
            done = processes.run(Command(argv, recipe.context, env, recipe.limit_s, heard=heard))
        except Unavailable as trouble:
            raise StepFailed(
                f"the image cannot be built: {recipe.dockerfile.name} needs BuildKit, and {trouble.reason}",
                "install Docker's command line, or write the file without what only BuildKit knows",
            ) from trouble
        if not done.ok or not left.is_file():
            raise _failed(done, progress, recipe)
        return left.read_text(encoding="ascii").strip()


def _reached(environ: Mapping[str, str]) -> dict[str, str]:
    """Where the program finds the engine: one that `ssh` reaches by the socket that everything else goes by.

    Its own `ssh` would lack the user's agent, and ask for keys and hosts in ways that ours does not.
    """
    try:
        return TUNNELS.environment(environ)
    except Unavailable as trouble:
        raise StepFailed(
            f"the image cannot be built: {trouble.reason}", "ssh to that host must answer without a question"
        ) from trouble


def _words(recipe: Recipe, left: Path) -> Iterator[str]:
    yield from ("--progress", "plain", "--iidfile", str(left), "--file", str(recipe.dockerfile))
    for name, value in recipe.args.items():
        yield from ("--build-arg", f"{name}={value}")
    for name, value in recipe.labels.items():
        yield from ("--label", f"{name}={value}")


def _failed(done: Completed, progress: BuildKitProgress, recipe: Recipe) -> StepFailed:
    at = f"step {by_shape(progress.failed)} fails: " if progress.failed else ""
    if done.timed_out:
        return StepFailed(
            f"the image is not built after {recipe.limit_s:g} s", "raise docker.build_timeout_s"
        )
    if progress.lacks_plugin:
        name = recipe.dockerfile.name
        return StepFailed(
            f"{name} needs BuildKit, which this docker cannot speak to without buildx", _NO_PLUGIN
        )
    if progress.is_full:
        return StepFailed(
            f"the container engine's disk is full, at {by_shape(progress.failed) or 'its end'}",
            "docker system df tells what takes the room",
        )
    return StepFailed(
        f"the image cannot be built: {at}{by_shape(progress.words)}", "docker build . shows all of it"
    )
