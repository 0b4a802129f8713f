"""The labelled env files, judged by every rule of the environment, and what came of it."""

import hashlib
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

from hotelctl.checks.catalogue import walk
from hotelctl.cli._policy import exit_code, policy
from hotelctl.cli._selection import select
from hotelctl.config.release_env import compose
from hotelctl.core.errors import Unavailable
from hotelctl.core.judging import FactStore, judge
from hotelctl.core.report import gate
from hotelctl.facts.env_contract import parse_contract
from hotelctl.facts.env_example import written
from hotelctl.facts.env_files import scan
from hotelctl.probes.registry import PROBES
from tests.probes.worlds import PROJECT, World

DATA = Path(__file__).parents[2] / "data" / "env_files"
_CHECKS = [check for check in walk() if check.info.section == "environment"]
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Judged:
    """One case: what was expected and found as `RULE SUBJECT`, the exit codes, and secrets that show."""

    name: str
    measured: bool
    expected: frozenset[str]
    found: frozenset[str]
    exit: int
    exit_expected: int
    leaked: tuple[str, ...]


def cases() -> list[dict[str, Any]]:
    """The table as it stands."""
    found: list[dict[str, Any]] = tomllib.loads((DATA / "cases.toml").read_text())["case"]
    return found


def is_measured(name: str) -> bool:
    """Whether the case is set aside: by its name alone, so that nobody chooses."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def judged(case: Mapping[str, Any], project: Path) -> Judged:
    """The case under all rules; its env file is read from `project` as a release reads it."""
    text = ("" if case.get("bare") else (DATA / "base.txt").read_text()) + case["env"]
    data = text.encode("latin-1" if case.get("latin1") else "utf-8")
    world = _world(case, data)
    world.release_env = _composed(world, data, project, case.get("process", {}))
    context = world.context()
    profile = case.get("profile", "staging")
    environment = context.configuration.environment.model_copy(update={"profile": profile})
    context = replace(context, configuration=replace(context.configuration, environment=environment))
    selection = select(_CHECKS, (), case.get("skip", ()))
    facts = FactStore(PROBES, context, world.evidence)
    held_to = policy(selection, profile, "high", ())
    results = tuple(judge(check, facts, world.evidence, held_to.fail_on) for check in selection.chosen)
    shown = repr((results, world.evidence.records))
    return Judged(
        name=case["name"],
        measured=is_measured(case["name"]),
        expected=frozenset(case["expect"]),
        found=frozenset(f"{r.info.id} {one.finding.subject}" for r in results for one in r.findings),
        exit=int(exit_code(gate(results, held_to))),
        exit_expected=case["exit"],
        leaked=tuple(sorted(value for value in _secrets(text, case) if value in shown)),
    )


def _world(case: Mapping[str, Any], data: bytes) -> World:
    world = World(
        env={"contract": "env.toml", "example": ".env.example", "files": [".env.local"]},
        run={"command": ["run"]},
    )
    contract = (DATA / "contract.toml").read_text()
    added = case.get("contract", "")
    head, tables = (added + "\n", "") if added.startswith("consumers") else ("", added)
    contract = contract.replace("\n[keys.", f"\n{head}[keys.", 1) + tables
    code: dict[str, str] = case.get("code", {})
    world.repository.commit("2" * 40, code | ({".env.local": "x"} if case.get("tracked") else {}))
    world.repository.ignore_patterns = (".env*", ".hotelctl/*")
    for name, source in code.items():
        world.write(name, source)
    world.write("env.toml", contract)
    world.write(".env.example", case.get("example") or _example(contract, case))
    world.write(".env.local", data, case.get("mode", 0o600))
    if "other" in case:
        world.write(".env.staging", case["other"])
    world.environ = dict(case.get("process", {}))
    return world


def _example(contract: str, case: Mapping[str, Any]) -> str:
    """All keys of the contract, where that can be read, but those that the example is to lack."""
    try:
        known = parse_contract("env.toml", contract)
    except Unavailable:
        known = parse_contract("env.toml", (DATA / "contract.toml").read_text())
    lacks = case.get("example_lacks", ())
    keys = {key: rule for key, rule in known.keys.items() if key not in lacks}
    return written(replace(known, keys=keys), case.get("example_head", "").replace("@", ""))


def _composed(world: World, data: bytes, project: Path, process: Mapping[str, str]) -> dict[str, str]:
    (project / ".env.local").write_bytes(data)
    (project / "env.toml").write_bytes(world.files.content[PROJECT / "env.toml"])
    with mock.patch.dict(os.environ, process, clear=True):
        return compose(replace(world.context().configuration, project=project), {}, process)


def _secrets(text: str, case: Mapping[str, Any]) -> Iterator[str]:
    """Values of secret and of unknown keys, and those of the example and of other files."""
    contract = parse_contract("env.toml", (DATA / "contract.toml").read_text())
    for entry in scan("", text).entries:
        value = entry.value.reveal().strip()
        if (
            len(value) >= _SHORTEST
            and contract.is_secret(entry.key)
            and entry.key not in case.get("contract", "")
        ):
            yield value
    for line in (case.get("example_head", "") + case.get("other", "")).replace("@", "").splitlines():
        value = line.rpartition("=")[2].rpartition(" ")[2]
        if len(value) >= _SHORTEST:
            yield value


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one rule, or of all."""

    wanted: int
    caught: int
    false: int

    @property
    def recall(self) -> float:
        """Share of what should be found that was found; 1 where nothing should."""
        return self.caught / self.wanted if self.wanted else 1.0


def score(every: Iterable[Judged], rule: str = "") -> Score:
    """The counts over some cases, of one rule or of all."""
    pairs = [(j.expected, j.found) for j in every]
    wanted = [(name, found) for expected, found in pairs for name in expected if name.startswith(rule)]
    false = sum(name.startswith(rule) for expected, found in pairs for name in found - expected)
    return Score(len(wanted), sum(name in found for name, found in wanted), false)


def rules() -> list[str]:
    """The ids of the rules, in order."""
    return [check.info.id for check in _CHECKS]
