"""Images that are built with planted faults, and ones without: each fault is found, and nothing else.

Each is one line away from the image `GOOD`. What is expected are the rules that find something.
"""

import io
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from hotelctl.adapters.docker_images import DockerImages
from hotelctl.checks.docker.built_image_is_small_enough import built_image_is_small_enough
from hotelctl.checks.docker.built_image_keeps_no_secret import built_image_keeps_no_secret
from hotelctl.checks.docker.built_image_runs_as_a_user import built_image_runs_as_a_user
from hotelctl.checks.docker.built_image_says_what_it_is import built_image_says_what_it_is
from hotelctl.checks.docker.built_image_tells_its_health import built_image_tells_its_health
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding
from hotelctl.core.images import BuiltImage
from hotelctl.core.kept import NothingKept
from hotelctl.facts.docker_secrets import DeclaredSecrets
from hotelctl.facts.image_growth import FormerImage
from hotelctl.facts.image_layers import finds, together
from hotelctl.facts.image_settings import ImageSettings
from hotelctl.facts.layer_contents import CONTENTS
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import NamedSecret
from tests.checks import made
from tests.engine import BASE
from tests.fakes.evidence import FakeEvidence

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]

_NAME = "hotelctl-test-image"
_VALUE = "Kq9w-x7Rt-hunter2-2Lm4"
_SECRETS = DeclaredSecrets(frozenset({"NOTES_PEPPER"}), (Secret(_VALUE),))
_LABELS = "".join(
    f'LABEL org.opencontainers.image.{name}="{value}"\n'
    for name, value in {
        "revision": made.COMMIT,
        "version": "1.0.0",
        "created": "2026-03-01T12:00:00Z",
        "source": "https://example.org/notes",
    }.items()
)
_HEALTH = 'HEALTHCHECK CMD ["python", "-c", "0"]\n'
_USER = "USER 10001:10001\n"
GOOD = f'FROM {BASE}\n{_LABELS}{_HEALTH}{_USER}CMD ["python", "-m", "http.server"]\n'
_CLEAN = {
    "plain": GOOD,
    "a shell asks for health": GOOD.replace(_HEALTH, "HEALTHCHECK CMD python -c 0\n"),
    "a named user": GOOD.replace(_USER, "USER nobody\n"),
    "a path of a secret": f"{GOOD}ENV NOTES_TOKEN_FILE=/run/secrets/token\n",
    "an argument that is none": f"{GOOD}ARG COMMIT=abc\nRUN echo built $COMMIT\n",
    "a switch": f"{GOOD}ENV PASSWORD_LOGIN=true\n",
}
_FAULTY: Mapping[str, tuple[str, str]] = {
    "no user": (GOOD.replace(_USER, ""), "DKR020"),
    "root by name": (GOOD.replace(_USER, "USER root\n"), "DKR020"),
    "root by number": (GOOD.replace(_USER, "USER 0:0\n"), "DKR020"),
    "root at last": (f"{GOOD}USER root\n", "DKR020"),
    "no health check": (GOOD.replace(_HEALTH, ""), "DKR021"),
    "one that is switched off": (f"{GOOD}HEALTHCHECK NONE\n", "DKR021"),
    "a variable by its name": (f"{GOOD}ENV API_KEY=Zt6-pW3.nB8_qL5\n", "DKR022"),
    "a variable by the contract": (f"{GOOD}ENV NOTES_PEPPER=Zt6-pW3.nB8_qL5\n", "DKR022"),
    "a variable by its value": (f"{GOOD}ENV GREETING={_VALUE}\n", "DKR022"),
    "the password of a URL": (f"{GOOD}ENV STORE=postgresql://notes:pW3.nB8_qL5@db/notes\n", "DKR022"),
    "a word of examples": (f"{GOOD}ENV DB_PASSWORD=changeme\n", "DKR022"),
    "an argument of the build": (f"{GOOD}ARG API_KEY=Zt6-pW3.nB8_qL5\nRUN true\n", "DKR022"),
    "the words of a step": (f"{GOOD}RUN echo {_VALUE} | sha256sum\n", "DKR022"),
    "a label": (f"{GOOD}LABEL greeting={_VALUE}\n", "DKR022"),
    "no revision": (GOOD.replace(f'image.revision="{made.COMMIT}"', 'image.revision=""'), "DKR025"),
    "another revision": (GOOD.replace(made.COMMIT, "d" * 40), "DKR025"),
    "no source": (GOOD.replace("image.source", "image.url"), "DKR025"),
}


def _built(engine: "DockerClient", text: str) -> BuiltImage:
    """What the engine says of what it built; the name is gone again, the layers stay for the next one."""
    tag = f"{_NAME}:{os.getpid()}"
    engine.images.build(fileobj=io.BytesIO(text.encode()), tag=tag, rm=True, network_mode="none")
    try:
        return DockerImages(os.environ, FakeEvidence()).inspected(tag)
    finally:
        engine.images.remove(tag, force=True)


def _judged(image: BuiltImage) -> dict[str, list[Finding]]:
    settings = ImageSettings("hotelctl.toml:1", size_limit_bytes=image.size_bytes)
    found = {
        "DKR020": made.judged(built_image_runs_as_a_user, image),
        "DKR021": made.judged(built_image_tells_its_health, image, settings),
        "DKR022": made.judged(built_image_keeps_no_secret, image, _SECRETS),
        "DKR024": made.judged(built_image_is_small_enough, image, settings, FormerImage()),
        "DKR025": made.judged(built_image_says_what_it_is, image, made.tree()),
    }
    return {rule: each for rule, each in found.items() if each}


@pytest.mark.parametrize("what", _CLEAN)
def test_of_a_good_image_nothing_is_said(engine: "DockerClient", what: str) -> None:
    assert _judged(_built(engine, _CLEAN[what])) == {}


@pytest.mark.parametrize("what", _FAULTY)
def test_a_planted_fault_is_found_once_and_nothing_else(engine: "DockerClient", what: str) -> None:
    text, rule = _FAULTY[what]
    found = _judged(_built(engine, text))
    assert found.keys() == {rule}
    assert len(found[rule]) == 1
    assert "pW3.nB8_qL5" not in repr(found), "no value is shown"


# What each step leaves in the layers: the file, and how many layers above the base hide it, 0 for none.
_STEPS: Mapping[str, tuple[str, int] | None] = {
    "RUN printf '%s' '-----BEGIN PRIVATE KEY-----' > /srv/there.key": ("srv/there.key", 0),
    "RUN printf '%s' '-----BEGIN PRIVATE KEY-----' > /srv/gone.key": ("srv/gone.key", 3),
    "RUN rm /srv/gone.key": None,
    "RUN mkdir /srv/in && echo A=1 > /srv/in/.env": ("srv/in/.env", 5),
    "RUN rm -r /srv/in": None,
    f"RUN echo say {_VALUE} > /srv/greeting": ("srv/greeting", 7),
    "RUN echo hello > /srv/greeting": None,
    f"RUN cat /bin/true > /srv/t && printf '%s' {_VALUE} >> /srv/t": ("srv/t", 0),
    "RUN mkdir -p /srv/.git && echo ref > /srv/.git/HEAD": ("srv/.git", 0),
    "RUN echo A=1 > /srv/.env.example": None,
    "RUN touch /srv/.env && rm /srv/.env": None,
}


def test_what_a_layer_holds_is_found_where_it_came_and_nothing_of_the_base(engine: "DockerClient") -> None:
    tag = f"{_NAME}:{os.getpid()}-layers"
    text = "\n".join((f"FROM {BASE}", *_STEPS))
    engine.images.build(fileobj=io.BytesIO(text.encode()), tag=tag, rm=True, network_mode="none")
    look = finds((NamedSecret(("TOKEN",), Secret(_VALUE)),), ".env.example", lambda _: "[mark]")
    try:
        told = DockerImages(os.environ, FakeEvidence()).layers(tag, (CONTENTS, look), NothingKept())
    finally:
        engine.images.remove(tag, force=True)
    layers = together(told.digests, told.of(CONTENTS), told.of(look))
    base = len(engine.images.get(BASE).attrs["RootFS"]["Layers"])
    found = [(one.path, max(0, one.gone_in - base)) for one in layers.found]
    assert found == [one for one in _STEPS.values() if one]
    assert layers.files > 1_000, "the base was searched, too"


def test_a_layer_that_makes_it_too_large_is_counted(engine: "DockerClient") -> None:
    small = _built(engine, GOOD)
    large = _built(engine, f"{GOOD}USER root\nRUN head -c 3000000 /dev/urandom > /srv/large\n{_USER}")
    limit = ImageSettings("hotelctl.toml:1", size_limit_bytes=small.size_bytes + 1_000_000)
    assert made.judged(built_image_is_small_enough, small, limit, FormerImage()) == []
    assert len(made.judged(built_image_is_small_enough, large, limit, FormerImage())) == 1


def test_what_grew_beside_the_image_that_serves_is_named_by_its_step(engine: "DockerClient") -> None:
    small = _built(engine, GOOD)
    large = _built(engine, f"{GOOD}USER root\nRUN head -c 3000000 /dev/urandom > /srv/large\n{_USER}")
    limit = ImageSettings("hotelctl.toml:1", growth_limit=1_000_000 / small.size_bytes)
    (finding,) = made.judged(built_image_is_small_enough, large, limit, FormerImage(small))
    assert "3.0 MB of it by head -c 3000000 /dev/urandom > /srv/large" in finding.message
    assert made.judged(built_image_is_small_enough, small, limit, FormerImage(large)) == []


def test_an_image_that_was_never_built_is_unknown(engine: "DockerClient") -> None:
    assert engine.ping()
    with pytest.raises(Unavailable, match="has no image nobody/has:1: build it before it is judged"):
        DockerImages(os.environ, FakeEvidence()).inspected("nobody/has:1")
