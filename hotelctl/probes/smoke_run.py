"""The smoke workflows against the release that serves."""

import json
from pathlib import Path

from hotelctl.config.workflows import run_workflows
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.facts.smoke_run import SmokeRun
from hotelctl.probes.context import Context


def smoke_run(context: Context) -> SmokeRun:
    """Every workflow, through the edge; what it made is removed again."""
    serving, workflows = context.release(), context.configuration.spec.smoke.workflow
    if not workflows:
        raise Unavailable("the service file declares no smoke workflow")
    place = context.state / "releases" / serving.release_id
    env = _environment(context, place / "env.json")
    venv = place / "venv"
    try:
        variables = context.work.smoke_variables(venv, env, context.database_url)
        return SmokeRun(serving.url, run_workflows(workflows, serving.url, variables, context.http))
    except StepFailed as error:
        raise Unavailable(error.message) from error
    finally:
        context.work.smoke_cleanup(venv, env, context.database_url)


def _environment(context: Context, path: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(context.files.read(path))
    except (FileNotFoundError, ValueError) as error:
        raise Unavailable("the environment of the serving release cannot be read") from error
    return found
