"""Deploys that build an image: on a real engine, by the command line, killed in the middle too."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine import BASE
from tests.services.checkout import commit_all
from tests.system.site import Site

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]

_REPOSITORY = f"hotelctl-test-deployed-{os.getpid()}"
_DOCKERFILE = """ARG BASE
FROM ${BASE}
COPY plainsvc /srv/plainsvc
WORKDIR /srv
HEALTHCHECK CMD ["python", "-c", "pass"]
USER 10001:10001
CMD ["python", "-m", "plainsvc"]
"""
_SLOW = "RUN echo begun {mark} && sleep 25\n"
_SETTINGS = f"""
[docker]
build = true
repository = "{_REPOSITORY}"
source = "https://example.org/notes"
args = {{ BASE = "{BASE}" }}
"""


@pytest.fixture
def place(bare: Site, engine: "DockerClient") -> Iterator[Site]:
    """The second service with a Dockerfile; its images are gone afterwards."""
    file = bare.root / "hotelctl.toml"
    file.write_text(file.read_text(encoding="utf-8") + _SETTINGS, encoding="utf-8")
    _write(bare, _DOCKERFILE)
    yield bare
    for image in engine.images.list(name=_REPOSITORY):
        engine.images.remove(image.id, force=True)


def _write(place: Site, dockerfile: str) -> str:
    (place.root / "Dockerfile").write_text(dockerfile, encoding="utf-8")
    (place.root / ".dockerignore").write_text("*\n!plainsvc\n", encoding="utf-8")
    return commit_all(place.root, "It has an image")


def _manifest(place: Site) -> dict[str, Any]:
    (path,) = place.state.glob("releases/*/manifest.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _names(engine: "DockerClient") -> dict[str, str]:
    """The ids of its images by their tags."""
    return {
        tag.rpartition(":")[2]: one.id for one in engine.images.list(name=_REPOSITORY) for tag in one.tags
    }


def test_the_release_pins_the_image_of_its_commit_which_was_judged(
    place: Site, engine: "DockerClient"
) -> None:
    ended = place.deploy().expect(0)
    manifest = _manifest(place)
    short = manifest["commit"][:12]
    assert _names(engine) == {f"1.0.0-{short}": manifest["image"], "1.0.0": manifest["image"]}
    assert "COPY plainsvc /srv/plainsvc" in ended.err
    labels = engine.images.get(manifest["image"]).labels
    assert labels["org.opencontainers.image.revision"] == manifest["commit"]
    results = {one["id"]: one["status"] for part in place.report()["sections"] for one in part["checks"]}
    rules = ("DKR020", "DKR021", "DKR022", "DKR023", "DKR025", "DKR029")
    assert {rule: results[rule] for rule in rules} == dict.fromkeys(rules, "pass")
    (bill,) = place.state.glob("releases/*/sbom.cdx.json")
    assert any(one["name"] == "libc6" for one in json.loads(bill.read_text(encoding="utf-8"))["components"])


def test_an_image_that_fails_its_judgement_stops_the_deploy_and_is_gone(
    place: Site, engine: "DockerClient"
) -> None:
    # Nothing of the file tells it.
    _write(place, _DOCKERFILE.replace("USER", "RUN echo '# more' >> plainsvc/__init__.py\nUSER"))
    ended = place.deploy().expect(10)
    assert "DKR029 /srv of" in ended.err
    assert "plainsvc/__init__.py differ" in " ".join(ended.err.split())
    assert _names(engine) == {}
    assert place.facts("status")["serving"] == "nothing"


def test_a_layer_that_an_earlier_deploy_judged_is_not_searched_again_and_the_report_says_so(
    place: Site, engine: "DockerClient"
) -> None:
    base = set(engine.images.get(BASE).attrs["RootFS"]["Layers"])
    place.deploy().expect(0)
    assert _layers(place, kept=False) > base
    place.change()
    place.deploy().expect(0)
    assert _layers(place, kept=False)
    assert _layers(place, kept=False).isdisjoint(base)
    assert _layers(place, kept=True) >= base
    cached = {one["id"]: "cached" in one for part in place.report()["sections"] for one in part["checks"]}
    assert (cached["DKR020"], cached["DKR023"], cached["DKR029"]) == (False, True, True)
    place.run("report", "verify").expect(0)
    _write(place, _DOCKERFILE.replace("USER", "RUN echo A=1 >/srv/.env && rm -r /srv/plainsvc\nUSER"))
    ended = place.deploy().expect(10)
    assert "/srv/.env in layer" in " ".join(ended.err.split())
    assert "holds none of the" in " ".join(ended.err.split())


def _layers(place: Site, *, kept: bool) -> set[str]:
    """The layers of which the last deploy had an answer kept, or read itself."""
    lines = (place.root / "reports" / "latest" / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    read = (one for one in map(json.loads, lines) if "layer" in one)
    return {one["layer"] for one in read if ("cached" in one) is kept}


def test_an_instruction_that_fails_is_told(place: Site, engine: "DockerClient") -> None:
    _write(place, _DOCKERFILE.replace("USER", "RUN echo no compiler here && false\nUSER"))
    ended = place.deploy().expect(10)
    assert "RUN echo no compiler here && false fails: no compiler here" in " ".join(ended.err.split())
    assert _names(engine) == {}


def test_killed_while_it_is_built_it_is_resumed_with_one_image(place: Site, engine: "DockerClient") -> None:
    mark = f"{_REPOSITORY}-{time.monotonic_ns()}"
    _write(place, _DOCKERFILE.replace("USER", _SLOW.format(mark=mark) + "USER"))
    running = place.start("deploy", "--yes")
    _await(lambda: any(mark in one["Command"] for one in engine.api.containers()))
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    _await(lambda: not any(mark in one["Command"] for one in engine.api.containers(all=True)))
    assert _names(engine) == {}
    place.run("resume", "--yes").expect(0)
    manifest = _manifest(place)
    assert set(_names(engine).values()) == {manifest["image"]}


def _await(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds() and time.monotonic() < end:
        time.sleep(0.2)
    assert holds()
