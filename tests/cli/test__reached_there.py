"""A database that an engine elsewhere does not reach is refused with where its URL stands."""

from pathlib import Path

import pytest

from hotelctl.cli._reached_there import require_reached_there
from hotelctl.cli._wiring import Asked, configure
from hotelctl.config.load import Configuration
from hotelctl.core.errors import UsageError
from tests.config.test_load import MINIMAL

FAR = {"DOCKER_HOST": "ssh://ops@host"}
SERVED = """
[database]
url_env = "NOTES_URL"
[env]
contract = "env.toml"
files = [".env.local"]
[environments.local]
target = "docker"
"""


def configuration(place: Path, monkeypatch: pytest.MonkeyPatch, env: str) -> Configuration:
    (place / "hotelctl.toml").write_text(MINIMAL + SERVED)
    (place / "env.toml").write_text('schema = "hotelctl.env/1"\n')
    (place / ".env.local").write_text(env)
    monkeypatch.chdir(place)
    return configure(Asked(None, "local"))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:5433", "", "/notes?host=/run/postgresql"])
def test_a_url_that_only_this_machine_knows_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    asked = configuration(tmp_path, monkeypatch, f"OTHER=1\nNOTES_URL=postgresql://me:pw@{host}/notes\n")
    with pytest.raises(
        UsageError, match=r"^\.env\.local:2: NOTES_URL names a database of this machine alone"
    ) as refusal:
        require_reached_there(asked, FAR)
    assert "pw" not in refusal.value.message
    assert refusal.value.hint == "name a host that this machine and the engine's containers reach"
    require_reached_there(asked, {})


def test_hotelctls_own_database_is_none_for_an_engine_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = configuration(tmp_path, monkeypatch, "OTHER=1\n")
    with pytest.raises(UsageError, match="NOTES_URL is not set"):
        require_reached_there(asked, FAR)
    require_reached_there(asked, {"DOCKER_HOST": "unix:///run/docker.sock"})


def test_a_url_of_the_network_is_let_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = configuration(tmp_path, monkeypatch, "NOTES_URL=postgresql://me:pw@db.example.org/notes\n")
    require_reached_there(asked, FAR)
    with pytest.raises(
        UsageError, match=r"^the process environment: NOTES_URL names a database of this machine alone"
    ):
        require_reached_there(asked, {**FAR, "NOTES_URL": "postgresql://me:pw@localhost/notes"})


def test_a_url_of_the_service_file_is_told_by_its_line_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration(tmp_path, monkeypatch, "")
    file = tmp_path / "hotelctl.toml"
    file.write_text(f'{file.read_text()}\n[run.env]\nNOTES_URL = "postgresql://me@localhost/notes"\n')
    number = file.read_text().splitlines().index('NOTES_URL = "postgresql://me@localhost/notes"') + 1
    with pytest.raises(UsageError, match=rf"hotelctl\.toml:{number}: NOTES_URL names a database"):
        require_reached_there(configure(Asked(None, "local")), FAR)
