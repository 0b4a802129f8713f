"""The Dockerfile of the bundled service, really built from a clean export, and held against every rule."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hotelctl.adapters.docker_build import DockerBuilds
from hotelctl.adapters.docker_images import DockerImages
from hotelctl.checks.docker.built_image_becomes_healthy import built_image_becomes_healthy
from hotelctl.checks.docker.built_image_ends_when_asked import built_image_ends_when_asked
from hotelctl.checks.docker.built_image_holds_the_artifact import built_image_holds_the_artifact
from hotelctl.checks.docker.built_image_is_small_enough import built_image_is_small_enough
from hotelctl.checks.docker.built_image_keeps_no_secret import built_image_keeps_no_secret
from hotelctl.checks.docker.built_image_runs_as_a_user import built_image_runs_as_a_user
from hotelctl.checks.docker.built_image_runs_closed import built_image_runs_closed
from hotelctl.checks.docker.built_image_says_what_it_is import built_image_says_what_it_is
from hotelctl.checks.docker.built_image_tells_its_health import built_image_tells_its_health
from hotelctl.checks.docker.layers_hold_no_secret import layers_hold_no_secret
from hotelctl.config.load import load
from hotelctl.config.service import ServiceSpec
from hotelctl.core.image_builds import Recipe
from hotelctl.core.images import BuiltImage
from hotelctl.core.kept import NothingKept
from hotelctl.facts.docker_secrets import DeclaredSecrets
from hotelctl.facts.env_contract import parse_contract
from hotelctl.facts.image_growth import FormerImage
from hotelctl.facts.image_layers import finds, together
from hotelctl.facts.image_materials import Materials
from hotelctl.facts.image_settings import ImageSettings
from hotelctl.facts.installed_package import wheel_list
from hotelctl.facts.layer_contents import CONTENTS
from hotelctl.facts.waivers import AnsweredArchives
from hotelctl.facts.wheel_in_image import WheelSearch
from hotelctl.probes.image_trials import image_trials
from hotelctl.render.compose import compose_text
from tests.checks import made
from tests.engine import BASE, COMPOSE, POSTGRES, absent
from tests.fakes.evidence import FakeEvidence
from tests.fakes.processes import FakeProcesses
from tests.house.tracked import ROOT
from tests.probes.worlds import World
from tests.services.checkout import git

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]

_NAME = f"hotelctl-test-own:{os.getpid()}"
_PROJECT = f"hotelctltest{os.getpid()}"
_COMMITTED_AT = "1760000000"
# On the base of the tests, 269 MB, it had 412 MB; the official slim one has 120 to 130 MB.
_LIMIT_BYTES = 160_000_000


@dataclass(frozen=True)
class _Own:
    """The image, the port that runs it, the wheel of the same export, and what it has beside its base."""

    image: BuiltImage
    images: DockerImages
    wheel: Path
    own_bytes: int
    commit: str


@pytest.fixture(scope="module")
def own(engine: "DockerClient", tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Own]:
    tree = tmp_path_factory.mktemp("export")
    # With what is not committed yet, where somebody works on it.
    commit = git(ROOT, "stash", "create") or "HEAD"
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(tree)], input=packed, check=True)
    commit = (tree / "hotelctl/app/_commit.txt").read_text(encoding="utf-8").strip()
    args = {
        "BASE": BASE,
        "COMMIT": commit,
        "VERSION": "0.1.0",
        "CREATED": "2026-03-01T12:00:00+00:00",
        "SOURCE": "https://example.org/hotel",
        "SOURCE_DATE_EPOCH": _COMMITTED_AT,
    }
    builds = DockerBuilds(os.environ, FakeEvidence(), FakeProcesses())
    built = builds.build(Recipe(tree, tree / "Dockerfile", args, {}, 900), lambda _: None)
    builds.name(built.id, (_NAME,))
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "."]
    env = {**os.environ, "SOURCE_DATE_EPOCH": _COMMITTED_AT}
    subprocess.run(words, cwd=tree, env=env, capture_output=True, check=True)
    (wheel,) = (tree / "dist").glob("*.whl")
    images = DockerImages(os.environ, FakeEvidence())
    base = int(engine.images.get(BASE).attrs["Size"])
    yield _Own(images.inspected(_NAME), images, wheel, built.size_bytes - base, commit)
    builds.unname(built.id, (_NAME,))


def test_it_says_what_it_is_and_nothing_that_it_should_not(own: _Own) -> None:
    settings = ImageSettings("service.toml:1")
    tree = replace(made.tree(), commit=own.commit)
    assert made.judged(built_image_runs_as_a_user, own.image) == []
    assert made.judged(built_image_tells_its_health, own.image, settings) == []
    assert made.judged(built_image_keeps_no_secret, own.image, DeclaredSecrets(frozenset(), ())) == []
    assert made.judged(built_image_says_what_it_is, own.image, tree) == []


def test_its_layers_hold_no_secret(own: _Own) -> None:
    look = finds((), ".env.example", lambda _: "[mark]")
    told = own.images.layers(_NAME, (CONTENTS, look), NothingKept())
    layers = together(told.digests, told.of(CONTENTS), told.of(look))
    assert layers.files > 5_000
    assert made.judged(layers_hold_no_secret, own.image, layers, AnsweredArchives()) == []


def test_beside_its_base_it_is_small(own: _Own) -> None:
    beside = replace(own.image, size_bytes=own.own_bytes)
    settings = ImageSettings("service.toml:1", size_limit_bytes=_LIMIT_BYTES)
    assert own.own_bytes > 0
    assert made.judged(built_image_is_small_enough, beside, settings, FormerImage()) == []


def test_it_holds_the_wheel_of_the_same_export(own: _Own) -> None:
    search = WheelSearch(wheel_list(own.wheel.read_bytes()).digests)
    for layer in own.images.layers(_NAME, (CONTENTS,), NothingKept()).of(CONTENTS):
        search(layer)
    held = search.result()
    digest = hashlib.sha256(own.wheel.read_bytes()).hexdigest()
    artifact = made.artifact(path=own.wheel, sha256=digest)
    assert held.place.endswith("/site-packages")
    assert held.listed > 500
    assert made.judged(built_image_holds_the_artifact, own.image, artifact, held) == []


def test_it_becomes_healthy_read_only_without_capabilities_and_ends_when_asked(own: _Own) -> None:
    world = World()
    world.spec = _spec()
    context = replace(world.context(), images=own.images)
    trials = image_trials(context, own.image)
    assert trials.open is None, f"it runs closed: {trials.closed.log}"
    for check in (built_image_becomes_healthy, built_image_ends_when_asked, built_image_runs_closed):
        assert made.judged(check, own.image, trials) == []


def test_the_bill_of_its_materials_names_the_packages_of_the_lock_and_of_the_system(own: _Own) -> None:
    materials = Materials()
    for layer in own.images.layers(_NAME, (CONTENTS,), NothingKept()).of(CONTENTS):
        materials(layer)
    found = {(one.kind, one.name): one.version for one in materials.every()}
    lock = (ROOT / "requirements/service.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split(" ")[0].split("==") for line in lock if "==" in line and "win32" not in line)
    assert {name: found.get(("pypi", name)) for name in pinned} == pinned
    assert {("deb", "libc6"), ("pypi", "hotelctl")} <= found.keys()
    assert ("pypi", "build") not in found, "what builds stays behind"


def test_what_builds_it_stays_behind(own: _Own, engine: "DockerClient") -> None:
    code = "import importlib.util as u; print([n for n in ('pip', 'build') if u.find_spec(n)])"
    said = engine.containers.run(
        own.image.digest, ["python", "-c", code], remove=True, network_mode="none", read_only=True
    )
    assert said.strip() == b"[]"


_DATABASE = r"""
services:
  database:
    image: {postgres}
    user: postgres
    entrypoint:
      - /bin/sh
      - -c
      - >-
        PATH=$$PATH:$$(ls -d /usr/lib/postgresql/*/bin | tail -n 1); data=$$(mktemp -d);
        initdb --pgdata=$$data --username=owner --auth=trust --encoding=UTF8 --locale=C >/dev/null &&
        echo host all all all trust >>$$data/pg_hba.conf && exec postgres -D $$data -c listen_addresses='*'
    healthcheck: {{test: ["CMD", "pg_isready", "-U", "owner", "-h", "127.0.0.1"], interval: 1s, retries: 60}}
  migrate:
    depends_on:
      database: {{condition: service_healthy}}
"""


@pytest.fixture
def composed(own: _Own, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Runs docker-compose on the service's file, with a database beside it; all of it is gone afterwards."""
    if not Path(COMPOSE).exists():
        absent(f"{COMPOSE} is not installed")
    contract = parse_contract("env.toml", (ROOT / "hotelctl/app/env.toml").read_text(encoding="utf-8"))
    text = compose_text(_spec(), contract, own.image.name, "Hotel")
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "database.yaml").write_text(_DATABASE.format(postgres=POSTGRES), encoding="utf-8")
    values = {
        "OWNER_DATABASE_URL": "postgresql://owner@database/postgres",
        "DATABASE_URL": "postgresql://hotel_app@database/postgres",
        "PUBLIC_URL": "http://127.0.0.1",
        "PORT": "0",
    }
    words = [COMPOSE, "-p", _PROJECT, "-f", "compose.yaml", "-f", "database.yaml"]

    def run(*more: str) -> str:
        env = {"PATH": os.environ["PATH"], **values}
        ended = subprocess.run(
            [*words, *more], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    yield run
    run("down", "--volumes", "--timeout", "5")


def test_its_compose_file_brings_it_up_after_its_migration(
    composed: Callable[..., str], engine: "DockerClient"
) -> None:
    composed("up", "-d")
    # The migration makes the role; that it may enter is the owner's to say.
    entered = "ALTER ROLE hotel_app LOGIN"
    composed("exec", "-T", "database", "psql", "-h", "127.0.0.1", "-U", "owner", "postgres", "-c", entered)
    asked = {"label": f"com.docker.compose.project={_PROJECT}"}
    started = {
        one.labels["com.docker.compose.service"]: one
        for one in engine.containers.list(all=True, filters=asked)
    }
    for name in ("migrate", "prepare"):
        assert started[name].wait()["StatusCode"] == 0, started[name].logs(tail=5)
    served = started["hotel-assistant"]
    end = time.monotonic() + 60
    while served.attrs["State"]["Health"]["Status"] != "healthy" and time.monotonic() < end:
        time.sleep(0.5)
        served.reload()
    assert served.attrs["State"]["Health"]["Status"] == "healthy", served.logs(tail=5)
    assert served.attrs["HostConfig"]["ReadonlyRootfs"]
    assert served.attrs["HostConfig"]["PortBindings"]["8080/tcp"][0]["HostIp"] == "127.0.0.1"


def _spec() -> ServiceSpec:
    return load(ROOT, ROOT / "hotelctl/app/service.toml", "local").spec
