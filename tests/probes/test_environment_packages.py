from pathlib import Path

from hotelctl.facts.allowed_licences import AllowedLicences
from hotelctl.facts.environment_packages import EnvironmentPackages
from hotelctl.probes.environment_packages import allowed_licences
from tests.fakes.wheels import SITE, install, wheel
from tests.probes.worlds import World, completed

_BUILD = {"command": ["build"], "artifact": "*.whl", "requirements": "lock.txt", "licences": ["MIT"]}
VENV = Path("/throw-away/venv")


def world(metadata: bytes = b"Name: Thing\nVersion: 1\n") -> World:
    """A checkout whose wheel is installed, with this METADATA."""
    here = World(build=_BUILD | {"imports": ["thing"]})
    here.work.wheel = wheel({"thing.py": "x"})
    install(here.files, here.work.wheel, VENV)
    here.files.write_durable(VENV / SITE / "thing-1.dist-info" / "METADATA", metadata)
    return here


def test_every_package_of_the_environment_is_read() -> None:
    fact = world().fact(EnvironmentPackages)
    assert [(name, package.version) for name, package in fact.packages.items()] == [("thing", "1")]


def test_a_package_that_cannot_be_read_and_a_failed_installation_are_no_verdict() -> None:
    assert "METADATA names no project" in world(b"").why_not(EnvironmentPackages)
    here = world()
    here.work.installed = completed(1, "hash mismatch")
    assert "does not install" in here.why_not(EnvironmentPackages)


def test_allowed_licences_are_those_of_the_service_file() -> None:
    assert allowed_licences(world().context()) == AllowedLicences(("MIT",), "default")
