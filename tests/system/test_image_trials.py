"""Containers of images with one planted fault each, and of good ones: each fault is found, and nothing else.

Each image is a few lines away from `GOOD`. What is expected are the rules that find something.
"""

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from hotelctl.adapters.docker_images import DockerImages
from hotelctl.adapters.docker_trial import LABEL, sweep
from hotelctl.adapters.owner_mark import own_mark
from hotelctl.checks.docker.built_image_becomes_healthy import built_image_becomes_healthy
from hotelctl.checks.docker.built_image_ends_when_asked import built_image_ends_when_asked
from hotelctl.checks.docker.built_image_runs_closed import built_image_runs_closed
from hotelctl.core.check import Check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding
from hotelctl.core.image_trials import TrialSetting
from hotelctl.facts.image_trials import ImageTrials
from tests.checks import made
from tests.engine import BASE
from tests.fakes.evidence import FakeEvidence

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]

_NAME = "hotelctl-test-trials"
_RULES: Mapping[str, Check] = {
    "DKR026": built_image_becomes_healthy,
    "DKR027": built_image_ends_when_asked,
    "DKR028": built_image_runs_closed,
}
# Ends at once when it is asked to, and says so: what a service does.
_SERVICE = r"""
import os, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
{before}
print("listening", flush=True)
time.sleep(600)
"""
_HEALTH = 'HEALTHCHECK --interval=30s --timeout=3s --retries=2 CMD ["python", "-c", "{asks}"]\n'
_CMD = 'CMD ["python", "/srv/service.py"]\n'
_WORKS = "pass"
_TOKEN = "ghp_" + "Zt6pW3nB8qL5" * 3


def _image(before: str = "", *, asks: str = _WORKS, command: str = _CMD, more: str = "", **text: str) -> str:
    code = text.get("code", _SERVICE.format(before=before))
    lines = "".join(f"{line}\\n\\\n" for line in code.replace("'", '"').splitlines())
    written = f"RUN printf '{lines}' > /srv/service.py\n"
    return f"FROM {BASE}\n{written}{more}{_HEALTH.format(asks=asks)}USER 10001:10001\n{command}"


GOOD = _image()
_CLEAN = {
    "plain": GOOD,
    "a named user": GOOD.replace("USER 10001:10001", "USER nobody"),
    "what it writes is below /tmp": _image('open("/tmp/x", "w").close()'),
    "what it writes is its state": _image('open("/hotelctl/state/x", "w").close()'),
    "it takes a while": _image("time.sleep(3)"),
    "a shell that gives way": _image(command="CMD exec python /srv/service.py\n"),
    "an entrypoint and its argument": _image(command='ENTRYPOINT ["python"]\nCMD ["/srv/service.py"]\n'),
}
_NO_HANDLER = 'import time\nprint("x", flush=True)\ntime.sleep(600)\n'
_FAULTY: Mapping[str, tuple[str, str, str]] = {
    "it ends at once": (_image("sys.exit(3)"), "DKR026", "it ends with 3"),
    "it ends well at once": (_image("sys.exit(0)"), "DKR026", "it ends with 0"),
    "a library is missing": (_image("import nobody_has_it"), "DKR026", "it ends with 1"),
    "a variable is missing": (_image('os.environ["NOTES_URL"]'), "DKR026", "it ends with 1"),
    "no such program": (_image(command='CMD ["nobody-has-it"]\n'), "DKR026", "not found, or it cannot"),
    "a program of another machine": (
        _image(
            command='CMD ["/srv/other"]\n',
            more="RUN printf '\\177ELF\\002\\001\\001\\000' > /srv/other"
            " && head -c 200 /dev/zero >> /srv/other && chmod 755 /srv/other\n",
        ),
        "DKR026",
        "it ends with",
    ),
    "never healthy": (_image(asks="raise SystemExit(1)"), "DKR026", "it is not after 5 s"),
    "asked at the wrong port": (
        _image(asks="import socket; socket.create_connection((str(0), 9)).close()"),
        "DKR026",
        "its health check says:",
    ),
    "a health check that is not there": (
        _image().replace('CMD ["python", "-c", "pass"]', 'CMD ["nobody-has-it"]'),
        "DKR026",
        "its health check says:",
    ),
    "it needs somebody outside": (
        _image('import socket; socket.create_connection(("192.0.2.1", 80), 60)'),
        "DKR026",
        "it ends with 1",
    ),
    "deaf to the request": (_image(code=_NO_HANDLER), "DKR027", "does not end within 2 s and is killed"),
    "a shell before it": (
        _image(command="CMD python /srv/service.py; echo over\n"),
        "DKR027",
        "does not end within 2 s and is killed",
    ),
    "too slow to end": (
        _image("signal.signal(signal.SIGTERM, lambda *_: time.sleep(60))"),
        "DKR027",
        "does not end within 2 s and is killed",
    ),
    "an unclean end": (
        _image("signal.signal(signal.SIGTERM, lambda *_: sys.exit(9))"),
        "DKR027",
        "ends with 9 after",
    ),
    "it writes beside itself": (
        _image(more="RUN chmod 777 /srv\n", before='open("/srv/x", "w").close()'),
        "DKR028",
        "ends with 1",
    ),
    "it needs a capability": (
        _image("os.chown('/tmp', 5, 5)").replace("USER 10001:10001\n", "USER 0:0\n"),
        "DKR028",
        "ends with 1",
    ),
    "it is ill where it cannot write": (
        _image(asks="open('/srv/well', 'w').close()", more="RUN chmod 777 /srv\n"),
        "DKR028",
        "is not healthy after 5 s",
    ),
}


def _setting(image: str, *, closed: bool, **env: str) -> TrialSetting:
    return TrialSetting(image, env, (), healthy_s=5, grace_s=2, closed=closed)


def _judged(engine: "DockerClient", text: str) -> dict[str, list[Finding]]:
    """What each rule finds; those that do not know are left out."""
    tag = f"{_NAME}:{os.getpid()}"
    engine.images.build(fileobj=io.BytesIO(text.encode()), tag=tag, rm=True, network_mode="none")
    images = DockerImages(os.environ, FakeEvidence())
    try:
        closed = images.tried(_setting(tag, closed=True))
        opened = None if closed.is_healthy else images.tried(_setting(tag, closed=False))
        image = images.inspected(tag)
    finally:
        engine.images.remove(tag, force=True)
    assert not _left(engine)
    found: dict[str, list[Finding]] = {}
    for rule, check in _RULES.items():
        try:
            found[rule] = made.judged(check, image, ImageTrials(closed, opened, healthy_s=5, grace_s=2))
        except Unavailable:
            continue
    return {rule: each for rule, each in found.items() if each}


def _left(engine: "DockerClient", mark: str | None = None) -> list[str]:
    """What of the trials of that process is there."""
    asked = {"label": f"{LABEL}={mark or own_mark()}"}
    return [
        *(one.name for one in engine.containers.list(all=True, ignore_removed=True, filters=asked)),
        *(one.name for one in engine.volumes.list(filters=asked)),
    ]


@pytest.mark.parametrize("what", _CLEAN)
def test_of_a_good_image_nothing_is_said(engine: "DockerClient", what: str) -> None:
    assert _judged(engine, _CLEAN[what]) == {}


@pytest.mark.parametrize("what", _FAULTY)
def test_a_planted_fault_is_found_once_and_nothing_else(engine: "DockerClient", what: str) -> None:
    text, rule, words = _FAULTY[what]
    found = _judged(engine, text)
    assert found.keys() == {rule}
    (finding,) = found[rule]
    assert words in finding.message


def test_what_it_prints_is_shown_without_what_looks_like_a_secret(engine: "DockerClient") -> None:
    found = _judged(engine, _image(f'print("token {_TOKEN}", "here", flush=True); sys.exit(1)'))
    (finding,) = found["DKR026"]
    assert "here" in repr(finding.evidence)
    assert _TOKEN not in repr(finding)


_TRIES = """
import os, sys
from hotelctl.adapters.docker_images import DockerImages
from hotelctl.adapters.owner_mark import own_mark
from hotelctl.core.image_trials import TrialSetting
from tests.fakes.evidence import FakeEvidence
print(own_mark(), flush=True)
prepare = (("python", "-c", "import time; time.sleep(600)"),)
DockerImages(os.environ, FakeEvidence()).tried(TrialSetting(sys.argv[1], {}, prepare, 60, 3, True))
"""


def test_what_a_killed_command_left_is_gone_after_the_next_trial(engine: "DockerClient") -> None:
    program = [sys.executable, "-c", _TRIES, BASE]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=os.environ) as running:
        assert running.stdout is not None
        mark = running.stdout.readline().strip()
        while len(_left(engine, mark)) < 2:
            assert running.poll() is None
        running.kill()
    # The trials of other tests sweep, too: it may be gone by now.
    sweep(engine)
    assert not _left(engine, mark)


def test_a_container_on_trial_reaches_nobody(engine: "DockerClient") -> None:
    asks = "import socket; socket.create_connection(('{}', {}), 2)"
    for host, port in (("192.0.2.1", 80), (_gateway(engine), 22)):
        setting = TrialSetting(BASE, {}, (("python", "-c", asks.format(host, port)),), 5, 2, closed=True)
        with pytest.raises(Unavailable, match="Network is unreachable"):
            DockerImages(os.environ, FakeEvidence()).tried(setting)


def _gateway(engine: "DockerClient") -> str:
    """The address of this machine on the usual network."""
    return str(engine.networks.get("bridge").attrs["IPAM"]["Config"][0]["Gateway"])


def test_what_prepares_it_and_fails_makes_it_unknown(engine: "DockerClient") -> None:
    setting = TrialSetting(BASE, {}, (("sh", "-c", "echo no keys; exit 4"),), 5, 3, closed=True)
    with pytest.raises(Unavailable, match=r"sh -c .* fails in a container of the image with 4: no keys"):
        DockerImages(os.environ, FakeEvidence()).tried(setting)
    assert not _left(engine)
