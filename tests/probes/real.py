"""A context of real processes, files and tools on a project on the disk; the rest is in memory."""

import os
from dataclasses import replace
from pathlib import Path

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.tools import ToolEnvironment
from hotelctl.probes.context import Context
from tests.probes.worlds import World


def context(project: Path, workspace: Path, world: World | None = None) -> Context:
    """What probes are given; the tools are those of this user, made where they are not there yet."""
    here = world or World()
    workspace.mkdir(exist_ok=True)
    processes = LocalProcesses(here.evidence, SystemClock(), os.environ)
    files = LocalFiles(here.evidence, project)
    made = here.context()
    return replace(
        made,
        configuration=replace(made.configuration, project=project),
        processes=processes,
        files=files,
        clock=SystemClock(),
        tools=ToolEnvironment(processes, files, os.environ),
        workspace=workspace,
    )
