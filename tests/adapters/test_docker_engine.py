import sys
from pathlib import Path

import pytest

from hotelctl.adapters.docker_engine import docker_engine, is_here
from hotelctl.core.errors import Unavailable


def test_where_no_engine_answers_the_reason_is_the_systems_own(tmp_path: Path) -> None:
    environ = {"DOCKER_HOST": f"unix://{tmp_path}/none.sock"}
    said = "^the container engine cannot be asked: no such file or directory$"
    with pytest.raises(Unavailable, match=said), docker_engine(environ, 5):
        pass


def test_an_address_that_is_none_is_said() -> None:
    with (
        pytest.raises(Unavailable, match=r"cannot be asked: .*nowhere"),
        docker_engine({"DOCKER_HOST": "nowhere://x"}, 5),
    ):
        pass


def test_without_the_library_it_is_said_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)
    with pytest.raises(Unavailable, match=r"python -m pip install 'docker>=7\.1'"), docker_engine({}, 5):
        pass


@pytest.mark.parametrize(
    ("host", "here"),
    [({}, True), ({"DOCKER_HOST": "unix:///run/x"}, True), ({"DOCKER_HOST": "ssh://a"}, False)],
)
def test_an_engine_behind_a_socket_of_this_machine_shares_its_files(
    host: dict[str, str], *, here: bool
) -> None:
    assert is_here(host) is here
