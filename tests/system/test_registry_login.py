"""Deploys whose image goes to a registry that asks who it is: by the command line, as people run it."""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.services.checkout import commit_all
from tests.system.registry import registry
from tests.system.site import Site

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]

_WHO, _RIGHT, _WRONG = "notes", "letmein", "keepmeout"
_HTPASSWD = f"{_WHO}:$2b$05$abcdefghijklmnopqrstuuKwWV7ESJpzKzf9FQg57dBvMuv92X9HS\n"
# Small: what is sent is the service alone.
_DOCKERFILE = """FROM scratch
COPY plainsvc /srv/plainsvc
HEALTHCHECK CMD ["/healthy"]
USER 10001:10001
CMD ["/plainsvc"]
"""


@pytest.fixture
def place(
    bare: Site, engine: "DockerClient", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """The second service, whose image is pushed; what docker is logged in with is the test's own."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with registry(tmp_path, _HTPASSWD) as port:
        repository = f"127.0.0.1:{port}/acme/notes"
        file = bare.root / "hotelctl.toml"
        settings = f'\n[docker]\nbuild = true\npush = true\nrepository = "{repository}"\n'
        file.write_text(file.read_text(encoding="utf-8") + settings, encoding="utf-8")
        (bare.root / "Dockerfile").write_text(_DOCKERFILE, encoding="utf-8")
        (bare.root / ".dockerignore").write_text("*\n!plainsvc\n", encoding="utf-8")
        commit_all(bare.root, "Its image is pushed")
        yield bare
        for image in engine.images.list(name=repository):
            engine.images.remove(image.id, force=True)


def _logged_in(place: Site, word: str) -> tuple[str, ...]:
    """As `docker login` leaves it. What nobody may read: the password, and the form that it is kept in."""
    (settings,) = (
        line for line in (place.root / "hotelctl.toml").read_text().splitlines() if "127.0.0.1:" in line
    )
    address = settings.split('"')[1].partition("/")[0]
    known = base64.b64encode(f"{_WHO}:{word}".encode()).decode()
    config = Path(os.environ["DOCKER_CONFIG"], "config.json")
    config.write_text(json.dumps({"auths": {address: {"auth": known}}}), encoding="utf-8")
    return word, known


@contextmanager
def _seen() -> Iterator[set[bytes]]:
    """The command lines of all processes of this machine, as long as the block lasts."""
    lines, over = set[bytes](), threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    lines.add(file.read_bytes())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield lines
    finally:
        over.set()
        thread.join()


def _assert_nowhere(words: tuple[str, ...], place: Site, shown: str, lines: set[bytes]) -> None:
    """Not in what was shown, in no command line, in no file of the project."""
    assert any(b"hotelctl\0deploy" in line for line in lines), "the command was seen"
    files = [path for path in place.root.rglob("*") if path.is_file() and "venv" not in path.parts]
    assert any(path.name == "evidence.jsonl" for path in files)
    for word in words:
        assert word not in shown
        assert not [line for line in lines if word.encode() in line]
        assert not [path for path in files if word.encode() in path.read_bytes()]


def test_a_deploy_pushes_with_what_docker_is_logged_in_with(place: Site) -> None:
    words = _logged_in(place, _RIGHT)
    with _seen() as lines:
        ended = place.deploy().expect(0)
    told = next(record.data for record in place.records() if (record.step, record.kind) == ("build", "done"))
    assert told["pushed"].startswith("sha256:")
    _assert_nowhere(words, place, ended.out + ended.err, lines)


def test_a_wrong_password_is_refused_at_once_and_said_nowhere(place: Site, engine: "DockerClient") -> None:
    words = _logged_in(place, _WRONG)
    with _seen() as lines:
        ended = place.deploy().expect(10)
    shown = " ".join((ended.err + ended.out).split())
    assert "cannot be pushed: " in shown
    assert "unauthorized" in shown
    assert "docker login and docker push show whether this user may" in shown
    assert "after 5 attempts" not in shown
    _assert_nowhere(words, place, ended.out + ended.err, lines)
    assert place.facts("status")["serving"] == "nothing"
    assert not [tag for one in engine.images.list() for tag in one.tags if "/acme/notes" in tag]
