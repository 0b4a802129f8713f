"""The labelled Dockerfiles: each in a project of its own, judged by the real probes and the real hadolint."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.process import LocalProcesses
from hotelctl.checks.catalogue import walk
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.core.judging import FactStore, judge
from hotelctl.core.ports import Command
from hotelctl.core.report import CheckResult
from hotelctl.facts.hadolint import Remark, remarks
from hotelctl.probes.context import Context
from hotelctl.probes.registry import PROBES
from tests.fakes.evidence import FakeEvidence
from tests.fakes.repository import FakeRepository
from tests.probes.worlds import World

DATA = Path(__file__).parents[2] / "data" / "dockerfiles"
LOOKED_AT, SET_ASIDE = "looked_at", "set_aside"
# Put together here, so that no file of the project holds what a scanner must take for a key.
VALUES = {
    "{{aws}}": "AKIA" + "Q7ZK3M5T9XW2LR8D",
    "{{github}}": "ghp_" + "b7Tz2Kq9Lm4Xw8Rv1Nc6Yd3Hs5Jf0Pa7Gu2E",
    "{{password}}": "Tr0ub4dor-and-3-horses",
}
REGISTRIES = ["docker.io", "ghcr.io/acme"]
RULES = tuple(check for check in walk() if "DKR001" < check.info.id < "DKR016")


@dataclass(frozen=True, slots=True)
class Case:
    """One project: `files` are there besides the Dockerfile, `expect` are the rules that must fire."""

    name: str
    dockerfile: str
    expect: frozenset[str]
    files: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    dockerignore: str | None = None
    crlf: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The results, all that was written down, and what hadolint alone says, None where it cannot judge."""

    case: Case
    results: tuple[CheckResult, ...]
    written: str
    alone: tuple[Remark, ...] | None

    @property
    def fired(self) -> frozenset[str]:
        """The rules that have a finding."""
        return frozenset(result.info.id for result in self.results if result.findings)

    @property
    def leaks(self) -> tuple[str, ...]:
        """The secret values that stand in what was written down."""
        return tuple(name for name, value in VALUES.items() if value in self.written)


def cases(part: str) -> Iterator[Case]:
    """All cases of one half, with values in the places of their names."""
    table = tomllib.loads((DATA / f"{part}.toml").read_text())
    for raw in table["case"]:
        yield _case(raw)


def _case(raw: Mapping[str, Any]) -> Case:
    text = raw["dockerfile"]
    for name, value in VALUES.items():
        text = text.replace(name, value)
    lists = {key: tuple(raw.get(key, ())) for key in ("files", "pinned")}
    return Case(
        raw["name"],
        text,
        frozenset(raw["expect"]),
        dockerignore=raw.get("dockerignore"),
        crlf=raw.get("crlf", False),
        **lists,
    )


def outcome(case: Case, place: Path) -> Outcome:
    """Judge the case in the empty directory `place`."""
    project, workspace = place / "project", place / "workspace"
    workspace.mkdir(parents=True)
    _lay_out(case, project)
    evidence = FakeEvidence()
    context = _context(case, project, workspace, evidence)
    facts = FactStore(PROBES, context, evidence)
    results = tuple(judge(check, facts, evidence, Severity.HIGH) for check in RULES)
    written = json.dumps([[asdict(result) for result in results], evidence.records, evidence.outputs])
    return Outcome(case, results, written, _alone(context, case))


def _lay_out(case: Case, project: Path) -> None:
    texts = dict.fromkeys(case.files, "")
    texts |= dict.fromkeys(case.pinned, "flask==3.0.3\ngunicorn==22.0.0\n")
    if case.dockerignore is not None:
        texts[".dockerignore"] = case.dockerignore
    texts["Dockerfile"] = case.dockerfile.replace("\n", "\r\n") if case.crlf else case.dockerfile
    for name, text in texts.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(text.encode())


def _context(case: Case, project: Path, workspace: Path, evidence: FakeEvidence) -> Context:
    world = World(docker={"port": 8080, "registries": REGISTRIES}, env={}, environments={})
    clock = SystemClock()
    names = {name: "" for name in (*case.files, *case.pinned, "Dockerfile") if not name.startswith(".git/")}
    made = world.context()
    return replace(
        made,
        configuration=replace(made.configuration, project=project),
        files=LocalFiles(evidence, project),
        processes=LocalProcesses(evidence, clock, {}),
        repository=FakeRepository(project, names),
        workspace=workspace,
    )


def _alone(context: Context, case: Case) -> tuple[Remark, ...] | None:
    trusted = [word for one in REGISTRIES for word in ("--trusted-registry", one)]
    argv = ("hadolint", "--no-color", "--format", "json", *trusted, "-")
    place = str(context.workspace)
    command = Command(
        argv, cwd=context.workspace, env={"HOME": place}, stdin=case.dockerfile.encode(), confidential=True
    )
    try:
        return remarks(context.processes.run(command))
    except Unavailable:
        return None
