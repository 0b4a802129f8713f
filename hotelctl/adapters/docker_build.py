"""`ImageBuilds` by a container engine, over the classic builder that every engine has.

BuildKit is spoken to over a session that the SDK cannot hold, so the request is that of the classic builder,
but for what only BuildKit knows. Either ends a build whose client is gone, so nothing goes on after a kill.
"""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO, TYPE_CHECKING, Any

from hotelctl.adapters.docker_buildkit import built
from hotelctl.adapters.docker_engine import NO_ENGINE, ODD, why
from hotelctl.adapters.docker_images import DockerImages
from hotelctl.adapters.docker_push import DockerPushes
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.image_builds import MadeImage, Recipe
from hotelctl.core.images import BuiltImage
from hotelctl.core.kept import NothingKept
from hotelctl.core.layers import Asked, LayerAnswers
from hotelctl.core.ports import EvidenceLog, Processes
from hotelctl.core.redact import by_shape
from hotelctl.facts.build_progress import BuildProgress

if TYPE_CHECKING:
    from docker import DockerClient
    from requests import Response

_REQUEST_S = 60.0
_OK, _CONFLICT = 200, 409
# Of 1024, which each container has by itself: as far behind as the other work of a deploy.
_SHARES_BEHIND = 102
_IGNORED = ".dockerignore"
_DAEMON = "docker info tells whether the engine is there"


class DockerBuilds:
    """Asked where `environ` says that the engine is."""

    def __init__(
        self,
        environ: Mapping[str, str],
        evidence: EvidenceLog,
        processes: Processes,
        images: DockerImages | None = None,
        *,
        low_priority: bool = True,
    ) -> None:
        """Nothing is asked yet; `images` is who reads what was built, where others read it, too.

        With `low_priority` the commands of a Dockerfile leave the processor to what serves, but BuildKit's.
        """
        self._processes = processes
        self._environ = environ
        self._evidence = evidence
        self._images = images or DockerImages(environ, evidence)
        self._limits = {"cpushares": str(_SHARES_BEHIND)} if low_priority else {}

    def build(self, recipe: Recipe, said: Callable[[str], None]) -> MadeImage:
        """The image of that recipe, not named yet. Raises `StepFailed`."""
        if recipe.needs_buildkit:
            with _told("the image cannot be built"), self._engine() as client:
                return _read(client.images.get(built(self._processes, self._environ, recipe, said)).attrs)
        progress, began = BuildProgress(), time.monotonic()
        try:
            with _told("the image cannot be built"), self._images.engine(recipe.limit_s) as client:
                self._follow(client, recipe, progress, said)
                return _read(client.images.get(progress.image).attrs)
        finally:
            self._record(recipe, progress, time.monotonic() - began)

    def named(self, name: str) -> MadeImage | None:
        """The image that is called so; None where none is. Raises `StepFailed`."""
        with _told(f"the engine does not tell what {name} is"), self._engine() as client:
            found = _found(client, name)
            return None if found is None else _read(found.attrs)

    def inspected(self, name: str) -> BuiltImage:
        """What the engine says of the image that is called so. Raises `StepFailed`."""
        with _told(f"the engine does not tell what {name} is"):
            return self._images.inspected(name)

    def layers(self, name: str, questions: Asked) -> LayerAnswers:
        """What they say of each layer. Raises `StepFailed`."""
        with _told(f"the layers of {name} cannot be looked at"):
            return self._images.layers(name, questions, NothingKept())

    def forget(self) -> None:
        """What was kept of an image is gone."""
        self._images.forget()

    def push(self, name: str, said: Callable[[str], None], limit_s: float) -> str:
        """The digest under which its registry has that image. Raises `StepFailed`."""
        return DockerPushes(self._environ, self._evidence).push(name, said, limit_s)

    def name(self, image_id: str, names: Sequence[str]) -> None:
        """The image is called so, and no other is any more. Raises `StepFailed`."""
        with _told(f"the image cannot be called {', '.join(names)}"), self._engine() as client:
            image = client.images.get(image_id)
            for one in names:
                repository, _, tag = one.rpartition(":")
                image.tag(repository, tag)
        self._evidence.record("docker", {"operation": "tag", "image": image_id, "names": [*names]})

    def unname(self, image_id: str, names: Sequence[str]) -> None:
        """The image is not called so any more; what is another's stays. Raises `StepFailed`."""
        with _told(f"the name {', '.join(names)} cannot be taken back"), self._engine() as client:
            for one in names:
                found = _found(client, one)
                if found is not None and found.id == image_id:
                    told = {"operation": "untag", "image": image_id, "names": [one]}
                    self._evidence.record("docker", {**told, "done": _removed(client, one)})
            # One that was built anew took the names away, and left it with none.
            if (nameless := _found(client, image_id)) is not None and not nameless.tags:
                _removed(client, image_id)

    def _engine(self) -> Any:  # noqa: ANN401 - the SDK's client, which only a type checker imports
        return self._images.engine(_REQUEST_S)

    def _follow(
        self, client: "DockerClient", recipe: Recipe, progress: BuildProgress, said: Callable[[str], None]
    ) -> None:
        """Read until the image is built. Raises `StepFailed`."""
        from requests import RequestException  # noqa: PLC0415 - an extra, loaded where it is wanted
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - see above

        end = time.monotonic() + recipe.limit_s
        with _context(recipe) as context, closing(self._asked(client, recipe, context)) as answer:
            try:
                for message in _messages(answer, end):
                    for line in progress.read(message):
                        said(by_shape(line))
            except (RequestException, HTTPError, OSError, ValueError) as trouble:
                if time.monotonic() >= end:
                    raise _late(recipe, progress) from trouble
                raise _gone(progress, trouble) from trouble
        if progress.error:
            raise _failed(progress)
        if not progress.image:
            raise _gone(progress, None)

    def _asked(self, client: "DockerClient", recipe: Recipe, context: IO[bytes]) -> "Response":
        """The engine's answer, of which nothing is read yet. Raises `StepFailed` where it refuses."""
        api = client.api
        wanted = {
            "dockerfile": _dockerfile(recipe)[0],
            "buildargs": json.dumps(dict(recipe.args)),
            "labels": json.dumps(dict(recipe.labels)),
            "rm": "1",
            "forcerm": "1",
            **self._limits,
        }
        headers = {"Content-Type": "application/tar", "X-Registry-Config": _credentials(self._environ)}
        answer: Response = api.post(
            f"{api.base_url}/v{api.api_version}/build",
            params=wanted,
            data=context,
            headers=headers,
            stream=True,
            timeout=recipe.limit_s,
        )
        if answer.status_code != _OK:
            with closing(answer):
                raise StepFailed(f"the container engine refuses the build: {by_shape(_message(answer.text))}")
        return answer

    def _record(self, recipe: Recipe, progress: BuildProgress, seconds: float) -> None:
        told = {
            "operation": "build",
            "dockerfile": recipe.dockerfile.name,
            "args": sorted(recipe.args),
            "labels": dict(recipe.labels),
            "steps": progress.steps,
            "last_step": by_shape(progress.where),
            "image": progress.image,
            "error": by_shape(progress.error),
            "duration_s": round(seconds, 3),
        }
        self._evidence.record("docker", told, by_shape(progress.tail))


@contextmanager
def _told(what: str) -> Iterator[None]:
    """An engine that cannot be asked stops the step."""
    try:
        yield
    except Unavailable as trouble:
        raise StepFailed(f"{what}: {trouble.reason}", _DAEMON) from trouble
    except ODD as odd:
        raise StepFailed(f"{what}: {NO_ENGINE}", _DAEMON) from odd


def _late(recipe: Recipe, progress: BuildProgress) -> StepFailed:
    at = f"at step {progress.where}" if progress.step else "before its first step"
    return StepFailed(
        f"the image is not built after {recipe.limit_s:g} s, {at}", "raise docker.build_timeout_s"
    )


def _gone(progress: BuildProgress, trouble: Exception | None) -> StepFailed:
    at = f" at step {progress.where}" if progress.step else ""
    words = f": {why(trouble)}" if trouble else ""
    return StepFailed(f"the container engine ended while it built the image{at}{words}", _DAEMON)


def _failed(progress: BuildProgress) -> StepFailed:
    if progress.is_full:
        return StepFailed(
            f"the container engine's disk is full, at step {by_shape(progress.where)}",
            "docker system df tells what takes the room",
        )
    words = by_shape(progress.words)
    at = f"step {by_shape(progress.where)} fails: " if progress.step else ""
    return StepFailed(f"the image cannot be built: {at}{words}", "docker build . shows all of it")


def _found(client: "DockerClient", name: str) -> Any:  # noqa: ANN401 - the SDK's image
    from docker.errors import ImageNotFound  # noqa: PLC0415 - an extra, loaded where it is wanted

    try:
        return client.images.get(name)
    except ImageNotFound:
        return None


def _removed(client: "DockerClient", name: str) -> bool:
    """Whether the name is gone; not where a container needs it."""
    from docker.errors import APIError  # noqa: PLC0415 - an extra, loaded where it is wanted

    try:
        client.images.remove(name)
    except APIError as refusal:
        if refusal.status_code != _CONFLICT:
            raise
        return False
    return True


def _read(attrs: Mapping[str, Any]) -> MadeImage:
    return MadeImage(
        str(attrs["Id"]), int(attrs["Size"]), dict((attrs.get("Config") or {}).get("Labels") or {})
    )


@contextmanager
def _context(recipe: Recipe) -> Iterator[IO[bytes]]:
    """An archive of what the Dockerfile may copy: without what .dockerignore names."""
    from docker.utils import tar  # noqa: PLC0415 - an extra, loaded where it is wanted

    ignored = recipe.context / _IGNORED
    # As file systems have it, names may be other bytes than UTF-8.
    text = ignored.read_text(encoding="utf-8-sig", errors="surrogateescape") if ignored.is_file() else ""
    words = text.splitlines()
    rules = [word.strip() for word in words if word.strip() and not word.startswith("#")]
    inside, outside = _dockerfile(recipe)
    with TemporaryFile() as room:
        try:
            tar(str(recipe.context), exclude=rules, dockerfile=(inside, outside), fileobj=room)
        except OSError as trouble:
            why_not = f"{trouble.strerror or trouble}"
            raise StepFailed(
                f"what is sent to the engine cannot be packed in {gettempdir()}: {why_not}"
            ) from trouble
        room.seek(0)
        yield room


def _dockerfile(recipe: Recipe) -> tuple[str, str | None]:
    """Its path in the archive, and its text where it lies outside of what is sent."""
    path = recipe.dockerfile
    if path.is_relative_to(recipe.context):
        return str(path.relative_to(recipe.context)), None
    return f".{path.name}.of-the-service", path.read_text(encoding="utf-8")


def _message(text: str) -> str:
    try:
        return " ".join(str(json.loads(text)["message"]).split())
    except ODD:
        return " ".join(text.split())


def _credentials(environ: Mapping[str, str]) -> str:
    """What this user's docker is logged in with, as the engine wants it for bases of private registries."""
    from docker.auth import load_config  # noqa: PLC0415 - an extra, loaded where it is wanted

    place = environ.get("DOCKER_CONFIG")
    known = load_config(config_path=str(Path(place, "config.json")) if place else None).get_all_credentials()
    return urlsafe_b64encode(json.dumps(known).encode()).decode()


def _messages(answer: "Response", end: float) -> Iterator[Mapping[str, Any]]:
    """What the engine says, one by one; no wait goes on after `end`."""
    for line in answer.iter_lines():
        if line:
            yield json.loads(line)
        socket = getattr(answer.raw.connection, "sock", None)
        if socket is not None:
            socket.settimeout(max(0.05, end - time.monotonic()))
