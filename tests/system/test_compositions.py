"""What hotelctl makes of several compose files is what the real compose makes of them."""

import posixpath
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from hotelctl.core.finding import Location
from hotelctl.facts.compose import ComposeService, parse_compose
from hotelctl.facts.compose_choice import ComposeCall
from hotelctl.facts.composition import compose_of
from tests.engine import COMPOSE, absent

pytestmark = pytest.mark.system

_HEAD = "version: '3.8'\n"
_BASE = """\
services:
  web:
    build: {context: web, dockerfile: prod.Dockerfile}
    ports: ["80:8000"]
    environment: {A: "1", B: "2"}
    env_file: a.env
    healthcheck: {test: [CMD, a], interval: 5s}
  worker:
    build: .
"""
_CASES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "one beside": (
        {
            "compose.yml": _BASE,
            "compose.prod.yml": """\
services:
  web: {build: {target: prod}, ports: ["5678:5678"], environment: [B=3, C=4]}
  worker: {healthcheck: {disable: true}}
  tools: {build: tools}
""",
        },
        ("compose.yml", "compose.prod.yml"),
    ),
    "one in a directory": (
        {
            "compose.yml": _BASE,
            "infra/prod.yml": """\
services:
  web: {build: {dockerfile: other.Dockerfile}, env_file: [b.env]}
  worker: {build: ./jobs, healthcheck: {test: b}}
  db: {build: db}
""",
        },
        ("compose.yml", "infra/prod.yml"),
    ),
    "all in a directory": (
        {"infra/a.yml": _BASE, "infra/b.yml": "services: {worker: {build: ../jobs, ports: ['9000']}}"},
        ("infra/a.yml", "infra/b.yml"),
    ),
    "the first one elsewhere": (
        {"infra/a.yml": _BASE, "b.yml": "services: {worker: {build: {context: jobs}}}"},
        ("infra/a.yml", "b.yml"),
    ),
    "extended": (
        {
            "compose.yml": "services: {web: {extends: {service: b, file: shared/base.yml}, ports: ['1:1']}}",
            "shared/base.yml": "services: {b: {build: ., ports: ['2:2'], healthcheck: {test: a}}}",
            "compose.prod.yml": "services: {web: {healthcheck: {test: NONE}, environment: {A: '1'}}}",
        },
        ("compose.yml", "compose.prod.yml"),
    ),
    "taken by itself": (
        {"docker-compose.yml": _BASE, "docker-compose.override.yml": "services: {worker: {build: jobs}}"},
        (),
    ),
    "completed": (
        {
            "docker-compose.yml": "services: {web: {healthcheck: {test: [CMD, a]}}}",
            "docker-compose.override.yml": "services: {web: {build: web}}",
        },
        (),
    ),
}
_MADE = ("a.env", "b.env", "shared/a.env", "infra/a.env")


@pytest.mark.parametrize("case", _CASES)
def test_the_services_are_those_of_the_real_one(case: str, tmp_path: Path) -> None:
    if not Path(COMPOSE).exists():
        absent(f"{COMPOSE} is not installed")
    texts, order = _CASES[case]
    for name in (*texts, *_MADE):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{_HEAD}{texts[name]}" if name in texts else "X=1\n")
    parsed = {name: parse_compose(name, (tmp_path / name).read_bytes()) for name in texts}
    call = ComposeCall(Location("up.sh", 1), order, posixpath.dirname(order[0]) if order else "")
    (made,) = compose_of(parsed, {}, [call]).compositions
    for one in made.services:
        (tmp_path / (one.context or "")).mkdir(exist_ok=True, parents=True)
    ours = {one.name: _ours(one) for one in made.services}
    assert ours == {name: _theirs(one, tmp_path) for name, one in _configured(order, tmp_path).items()}


def _configured(order: tuple[str, ...], where: Path) -> Mapping[str, Any]:
    named = [word for path in order for word in ("-f", path)]
    done = subprocess.run([COMPOSE, *named, "config"], cwd=where, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: Mapping[str, Any] = yaml.safe_load(done.stdout)["services"]  # type: ignore[no-untyped-call]
    return found


def _ours(one: ComposeService) -> dict[str, Any]:
    return {
        "context": one.context,
        "dockerfile": one.dockerfile,
        "ports": sorted(one.ports),
        "sets": sorted(one.sets),
        "asks": one.asks is not None,
        "files": len(one.env_files) > 0,
    }


def _theirs(one: Mapping[str, Any], where: Path) -> dict[str, Any]:
    context = Path(one["build"]["context"]).resolve().relative_to(where.resolve())
    test = one.get("healthcheck", {}).get("test")
    given = one.get("environment", {})
    return {
        "context": str(context),
        "dockerfile": posixpath.normpath(context / one["build"].get("dockerfile", "Dockerfile")),
        "ports": sorted(
            int(str(port["target"] if isinstance(port, dict) else port).split(":")[-1])
            for port in one.get("ports", ())
        ),
        "sets": sorted(name for name in given if name != "X"),
        "asks": test is not None and test != ["NONE"] and not one["healthcheck"].get("disable"),
        "files": "X" in given,
    }
