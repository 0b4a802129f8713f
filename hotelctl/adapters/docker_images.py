"""The images of the container engine that the environment names."""

import threading
import time
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from tempfile import TemporaryFile, gettempdir
from typing import IO, TYPE_CHECKING, Any

from hotelctl.adapters.docker_engine import NO_ENGINE, ODD, docker_engine
from hotelctl.adapters.layer_answers import AnsweredLayers, Files
from hotelctl.core.errors import Unavailable
from hotelctl.core.image_trials import Trial, TrialSetting
from hotelctl.core.images import BuiltImage
from hotelctl.core.kept import KeptResults
from hotelctl.core.layers import Asked, LayerAnswers
from hotelctl.core.lazily import lazily
from hotelctl.core.ports import EvidenceLog

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.images import Image

    from hotelctl.adapters import docker_trial, saved_image
else:
    # A rollback asks an engine, and looks into no image.
    docker_trial, saved_image = (
        lazily("hotelctl.adapters.docker_trial"),
        lazily("hotelctl.adapters.saved_image"),
    )

_REQUEST_S, _SAVE_S = 60.0, 300.0


class DockerImages:
    """Asked by name; `environ` says where the engine is."""

    def __init__(self, environ: Mapping[str, str], evidence: EvidenceLog) -> None:
        """Nothing is asked yet."""
        self._environ = environ
        self._evidence = evidence
        self._guard = threading.Lock()
        self._answered = AnsweredLayers(evidence)
        self._kept: tuple[str, IO[bytes]] | None = None
        self._spoken: str | None = None

    @contextmanager
    def engine(self, limit_s: float) -> Iterator["DockerClient"]:
        """As `docker_engine` gives it; which version it speaks is asked once: it starts programs to tell."""
        with docker_engine(self._environ, limit_s, self._spoken) as client:
            self._spoken = client.api.api_version
            yield client

    def inspected(self, name: str) -> BuiltImage:
        """What the engine says of it. Raises `Unavailable`."""
        with self.engine(_REQUEST_S) as client:
            image = _image(client, name)
            found = _understood(name, image)
        # What an image says of itself may hold secrets: the record has its digest alone.
        self._evidence.record("docker", {"operation": "inspect", "image": name, "digest": found.digest})
        return found

    def layers(self, name: str, questions: Asked, kept: KeptResults) -> LayerAnswers:
        """What they say of each layer. Raises `Unavailable`.

        What the engine saved is kept for who asks something else of the same image; an image of whose layers
        all is known is not saved.
        """
        with self._guard:
            with self.engine(_REQUEST_S) as client:
                image_id, digests = _layers(_image(client, name))
            return self._answered.answers(digests, questions, kept, partial(self._read, name, image_id))

    def _read(
        self, name: str, image_id: str, wanted: Collection[str], take: Callable[[str, Files], None]
    ) -> None:
        if self._kept is None or self._kept[0] != image_id:
            self._forget()
            began = time.monotonic()
            size = self._save(image_id)
            said = {"operation": "save", "image": name, "digest": image_id, "bytes": size}
            self._evidence.record("docker", said | {"saved_s": round(time.monotonic() - began, 3)})
        if self._kept is not None:
            self._kept[1].seek(0)
            saved_image.each_saved_layer(self._kept[1], wanted, take)

    def _save(self, image_id: str) -> int:
        """How many bytes there are."""
        saved: IO[bytes] = TemporaryFile()  # noqa: SIM115 - it is kept until another one takes its place
        weakref.finalize(self, saved.close)
        self._kept = image_id, saved
        try:
            with self.engine(_SAVE_S) as client:
                for piece in _image(client, image_id).save():
                    _put(piece, saved)
        except BaseException:
            self._forget()
            raise
        return saved.tell()

    def forget(self) -> None:
        """What was kept is gone."""
        with self._guard:
            self._forget()

    def _forget(self) -> None:
        if self._kept is not None:
            self._kept[1].close()
            self._kept = None

    def tried(self, setting: TrialSetting) -> Trial:
        """How a container of the image did. Raises `Unavailable`."""
        limit_s = _REQUEST_S + setting.grace_s + setting.healthy_s
        with self.engine(limit_s) as client:
            found = _image(client, setting.image)
            trial = docker_trial.tried(client, setting)
        told = {"operation": "run", "image": setting.image, "digest": found.id, "closed": setting.closed}
        self._evidence.record("docker", told | asdict(trial) | {"log": ""}, trial.log)
        return trial


def _understood(name: str, image: "Image") -> BuiltImage:
    try:
        return _read(name, image.attrs, image.history())
    except ODD as odd:
        raise Unavailable(NO_ENGINE) from odd


def _layers(image: "Image") -> tuple[str, tuple[str, ...]]:
    """Its digest, and those of its layers, oldest first. Raises `Unavailable`."""
    try:
        return str(image.attrs["Id"]), tuple(map(str, image.attrs["RootFS"]["Layers"]))
    except ODD as odd:
        raise Unavailable(NO_ENGINE) from odd


def _put(piece: bytes, saved: IO[bytes]) -> None:
    try:
        saved.write(piece)
    except OSError as full:
        raise Unavailable(f"no room for the image in {gettempdir()}: {full.strerror}") from full


def _image(client: "DockerClient", name: str) -> "Image":
    from docker.errors import ImageNotFound  # noqa: PLC0415 - an extra, loaded where it is wanted

    try:
        found: Image = client.images.get(name)
    except ImageNotFound:
        raise Unavailable(f"the container engine has no image {name}: build it before it is judged") from None
    return found


def _read(name: str, attrs: Mapping[str, Any], history: list[Mapping[str, Any]]) -> BuiltImage:
    said = attrs.get("Config") or {}
    pairs = (one.partition("=") for one in said.get("Env") or ())
    return BuiltImage(
        name=name,
        digest=str(attrs["Id"]),
        user=str(said.get("User") or ""),
        env=tuple((key, value) for key, _, value in pairs),
        health=tuple((said.get("Healthcheck") or {}).get("Test") or ()),
        labels=dict(said.get("Labels") or {}),
        history=tuple(str(one.get("CreatedBy") or "") for one in reversed(history)),
        size_bytes=int(attrs["Size"]),
        added_bytes=tuple(int(one.get("Size") or 0) for one in reversed(history)),
    )
