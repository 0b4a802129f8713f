"""Images sent to a real registry: one that is well, refuses, is slow, ends at half, or asks who it is."""

import base64
import io
import json
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from hotelctl.adapters.docker_push import DockerPushes
from hotelctl.core.errors import StepFailed
from tests.fakes.evidence import FakeEvidence
from tests.free_port import free_port
from tests.system.registry import Line, registry

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]

_LAYER_BYTES = 3_000_000
_WHO, _WORD = "notes", "letmein"
_HTPASSWD = f"{_WHO}:$2b$05$abcdefghijklmnopqrstuuKwWV7ESJpzKzf9FQg57dBvMuv92X9HS\n"
_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@pytest.fixture(scope="module")
def image(engine: "DockerClient") -> Iterator[str]:
    """The id of one of three layers that nobody has yet."""
    text = "FROM hotelctl-base:tests\n" + "".join(
        f"RUN head -c {_LAYER_BYTES} /dev/urandom > /srv/{n}\n" for n in range(3)
    )
    own = engine.images.build(fileobj=io.BytesIO(text.encode()), rm=True, network_mode="none", nocache=True)[
        0
    ]
    # Without its base: only what was just made is sent.
    held = engine.containers.create(own.id, ["true"])
    files, _ = held.get_archive("/srv")
    made = engine.api.import_image_from_data(b"".join(files), repository="hotelctl-test-push", tag="base")
    held.remove()
    name = "hotelctl-test-push:base"
    assert "error" not in made
    yield str(engine.images.get(name).id)
    engine.images.remove(name, force=True)
    engine.images.remove(own.id, force=True)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[int]:
    with registry(tmp_path) as port:
        yield port


def _pushed(
    engine: "DockerClient", image: str, port: int, limit_s: float = 60
) -> tuple[str, list[str], list[float]]:
    """The digest, the lines that were told, and the pauses."""
    name = f"127.0.0.1:{port}/acme/notes:1.0-abc"
    engine.images.get(image).tag(*name.rsplit(":", 1))
    lines: list[str] = []
    pauses: list[float] = []
    try:
        pushes = DockerPushes(os.environ, FakeEvidence(), pauses.append)
        return pushes.push(name, lines.append, limit_s), lines, pauses
    finally:
        engine.images.remove(name)


def _at_registry(port: int) -> str:
    """The digest of what it has by that name, as it says itself."""
    url = f"http://127.0.0.1:{port}/v2/acme/notes/manifests/1.0-abc"
    return httpx.get(url, headers={"Accept": _MANIFEST}, timeout=10).headers["Docker-Content-Digest"]


def test_what_is_pushed_is_at_the_registry_by_its_digest(
    engine: "DockerClient", image: str, kept: int
) -> None:
    digest, lines, pauses = _pushed(engine, image, kept)
    assert digest == _at_registry(kept)
    assert any(line.endswith(": pushed, 1 of 1 layers") for line in lines)
    assert pauses == []


def test_again_nothing_is_sent_anew(engine: "DockerClient", image: str, kept: int) -> None:
    first, _, _ = _pushed(engine, image, kept)
    again, lines, _ = _pushed(engine, image, kept)
    assert again == first
    assert any("layer already exists" in line for line in lines)


def test_a_line_that_ends_at_half_is_taken_up_again(engine: "DockerClient", image: str, kept: int) -> None:
    line = Line(kept, cuts=2, cut_bytes=_LAYER_BYTES)
    with line.listening() as port:
        digest, lines, _ = _pushed(engine, image, port, 120)
    assert digest == _at_registry(kept)
    assert line.cuts < 0, "it was cut as often as it was to be"
    assert lines


def test_a_slow_one_is_waited_for(engine: "DockerClient", image: str, kept: int) -> None:
    with Line(kept, pause_s=0.02).listening() as port:
        digest, _, pauses = _pushed(engine, image, port)
    assert digest == _at_registry(kept)
    assert pauses == []


def test_one_that_is_away_is_tried_with_longer_and_longer_pauses(engine: "DockerClient", image: str) -> None:
    with pytest.raises(StepFailed, match=r"cannot be pushed after 5 attempts: .*connection refused"):
        _pushed(engine, image, free_port())


def test_one_that_comes_back_meanwhile_has_it(engine: "DockerClient", image: str, tmp_path: Path) -> None:
    port = free_port()
    opened: list[AbstractContextManager[int]] = []
    name = f"127.0.0.1:{port}/acme/notes:1.0-abc"
    engine.images.get(image).tag(*name.rsplit(":", 1))

    def comes_back(_: float) -> None:
        if not opened:
            opened.append(registry(tmp_path, port=port))
            opened[0].__enter__()

    try:
        DockerPushes(os.environ, FakeEvidence(), comes_back).push(name, lambda _: None, 60)
        assert _at_registry(port)
    finally:
        engine.images.remove(name)
        opened[0].__exit__(None, None, None)


def test_at_its_limit_it_is_given_up(engine: "DockerClient", image: str) -> None:
    began = time.monotonic()
    with pytest.raises(StepFailed, match="cannot be pushed: "):
        _pushed(engine, image, free_port(), limit_s=0.5)
    assert time.monotonic() - began < 20


def test_one_that_knows_nobody_refuses_once_and_for_all(
    engine: "DockerClient", image: str, tmp_path: Path
) -> None:
    with (
        registry(tmp_path, _HTPASSWD) as port,
        pytest.raises(StepFailed, match=r"cannot be pushed: .*no basic auth credentials"),
    ):
        _pushed(engine, image, port)


def test_who_is_logged_in_may_and_the_password_is_nowhere(
    engine: "DockerClient", image: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with registry(tmp_path, _HTPASSWD) as port:
        known = base64.b64encode(f"{_WHO}:{_WORD}".encode()).decode()
        config = {"auths": {f"127.0.0.1:{port}": {"auth": known}}}
        (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
        monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
        evidence = FakeEvidence()
        name = f"127.0.0.1:{port}/acme/notes:1.0-abc"
        engine.images.get(image).tag(*name.rsplit(":", 1))
        try:
            digest = DockerPushes(os.environ, evidence).push(name, lambda _: None, 60)
        finally:
            engine.images.remove(name)
    assert digest.startswith("sha256:")
    (record,) = evidence.records
    assert record["attempts"] == 1
    assert _WORD not in repr(evidence.records)
    assert known not in repr(evidence.records)
