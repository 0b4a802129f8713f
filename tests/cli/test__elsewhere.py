"""Where people are told that an environment answers."""

from pathlib import Path

import pytest

from hotelctl.cli._elsewhere import engine_elsewhere
from hotelctl.cli._wiring import Asked, configure, public_url
from tests.config.test_load import MINIMAL

_HARBOUR = "ssh://ops@harbour.example.org"


@pytest.mark.parametrize(
    ("served", "address", "named", "url"),
    [
        (("docker", _HARBOUR), "203.0.113.7", _HARBOUR, "http://203.0.113.7:8080"),
        (("docker", _HARBOUR), "2001:db8::7", _HARBOUR, "http://[2001:db8::7]:8080"),
        (("docker", _HARBOUR), None, _HARBOUR, "http://127.0.0.1:8080"),
        (("docker", "unix:///run/mine.sock"), "203.0.113.7", None, "http://127.0.0.1:8080"),
        (("process", _HARBOUR), "203.0.113.7", None, "http://127.0.0.1:8080"),
    ],
)
def test_the_address_is_that_of_the_engines_host_and_the_engine_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    served: tuple[str, str],
    address: str | None,
    named: str | None,
    url: str,
) -> None:
    target, host = served
    edge = f'[docker.edge]\naddress = "{address}"\n' if address else ""
    (tmp_path / "hotelctl.toml").write_text(
        f'{MINIMAL}\n{edge}[environments.local]\ntarget = "{target}"\nport = 8080\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCKER_HOST", host)
    configuration = configure(Asked(None, "local"))
    assert engine_elsewhere(configuration) == named
    assert public_url(configuration) == url
