"""Files of this machine that a container is given."""

from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.errors import StepFailed
from tests.deploy.targets.harbour import Harbour
from tests.deploy.targets.place import ask, direct_port
from tests.deploy.targets.test_docker import container

pytestmark = [pytest.mark.system, pytest.mark.engine]


def _keys(harbour: Harbour) -> Path:
    """Such as nobody else may read, in the environment's directory."""
    keys = harbour.state / "keyring"
    keys.mkdir(parents=True, mode=0o700)
    (keys / "a.pem").write_text("first")
    (keys / "a.pem").chmod(0o600)
    return keys


def _said(harbour: Harbour, *words: str) -> str:
    code, said = container(harbour, "r1").exec_run([*words])
    assert code == 0, said
    return str(said.decode().strip())


def test_private_files_are_handed_over_as_copies_of_the_containers_own(harbour: Harbour) -> None:
    keys, release = _keys(harbour), harbour.release("r1")
    given: dict[str, Any] = {"state": "/srv/state", "run": {"handed": ["{state}/keyring"]}}
    url = harbour.ready(harbour.target(**given), release, KEYS=str(keys), OTHER=f"{keys}2/x")
    seen = ask(direct_port(url), "/environment")[1]["env"]
    assert (seen["KEYS"], seen["OTHER"]) == ("/srv/state/keyring", "/srv/state/keyring2/x")
    assert _said(harbour, "cat", "/srv/state/keyring/a.pem") == "first"
    assert _said(harbour, "stat", "-c", "%u:%g %a", "/srv/state/keyring/a.pem") == "10001:10001 600"
    assert "first" not in str(container(harbour, "r1").attrs)
    before = container(harbour, "r1").id
    harbour.ready(harbour.target(**given), release, KEYS=str(keys), OTHER=f"{keys}2/x")
    assert container(harbour, "r1").id == before
    (keys / "a.pem").write_text("other")
    harbour.ready(harbour.target(**given), release, KEYS=str(keys), OTHER=f"{keys}2/x")
    assert _said(harbour, "cat", "/srv/state/keyring/a.pem") == "other"


def test_copies_belong_to_nobody_whose_number_only_the_image_knows(harbour: Harbour) -> None:
    _keys(harbour)
    with pytest.raises(StepFailed, match="the image's user is games, and only the image knows") as refusal:
        harbour.target(run={"handed": ["{state}/keyring"]}).stage(harbour.release("r1", User="games"), {})
    assert "say user in [docker.run]" in refusal.value.hint
    assert harbour.mine() == []


def test_what_is_to_be_given_and_is_not_there_is_told_before_anything_is_built(harbour: Harbour) -> None:
    with pytest.raises(StepFailed, match="gives /nowhere/at/all to the container") as refusal:
        harbour.target(run={"writable": ["/nowhere/at/all"]}).obstacle(harbour.port)
    assert refusal.value.hint == "mkdir /nowhere/at/all"
    made_later = harbour.target(run={"handed": ["{state}/keyring"]})
    assert made_later.obstacle(harbour.port) is None
