"""A context of real processes, files and tools on a project on the disk; the rest is in memory."""

import os
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.tools import ToolEnvironment
from hotelctl.config.service import Secrets
from hotelctl.facts import leak_rules
from hotelctl.facts.kingfisher import RULES, command
from hotelctl.probes.context import Context
from tests.probes.worlds import World


@cache
def _compiled(program: str) -> TemporaryDirectory[str]:
    """What kingfisher compiles of the rules, once for all tests: each command does it for ten seconds."""
    place = TemporaryDirectory()
    Path(place.name, leak_rules.FILE).write_text(leak_rules.toml())
    Path(place.name, "empty").touch()
    subprocess.run((program, *command("empty")), cwd=place.name, capture_output=True, check=True)
    return place


def context(project: Path, workspace: Path, world: World | None = None, scanner: str = "") -> Context:
    """What probes are given; the tools are those of this user, made where they are not there yet."""
    here = world or World()
    workspace.mkdir(exist_ok=True)
    processes = LocalProcesses(here.evidence, SystemClock(), os.environ)
    files = LocalFiles(here.evidence, project)
    made = here.context()
    spec = made.configuration.spec
    if scanner:
        spec = spec.model_copy(update={"secrets": Secrets.model_validate({"scanner": scanner})})
    tools = ToolEnvironment(processes, files, os.environ)
    if scanner == "kingfisher":
        shutil.copytree(
            Path(_compiled(tools.path(scanner)).name, RULES), workspace / RULES, dirs_exist_ok=True
        )
    return replace(
        made,
        configuration=replace(made.configuration, project=project, spec=spec),
        processes=processes,
        files=files,
        clock=SystemClock(),
        tools=tools,
        workspace=workspace,
    )
