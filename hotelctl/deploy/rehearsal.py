"""The old release, started for a moment on a migrated copy of the database."""

from collections.abc import Mapping

from hotelctl.config.instance_values import instance_values
from hotelctl.config.smoke import is_empty, run_smoke
from hotelctl.config.template import fill_all
from hotelctl.core.errors import StepFailed
from hotelctl.core.work import Place
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.facts.smoke_run import WorkflowResult


def old_release_on(operation: Operation, former: Release, scratch_url: str) -> tuple[WorkflowResult, ...]:
    """What the smoke workflows of `former` say when it runs on the database at `scratch_url`.

    Raises:
        StepFailed: it does not start there, or the service declares no workflows.

    """
    own = operation.pinned_in_doubt(former)
    if is_empty(own.smoke):
        raise StepFailed(
            "class C: the schema changes and no smoke workflow shows whether the old release still runs",
            "declare [[smoke.workflow]] in the service file",
        )
    venv, place = operation.layout.venv(former.id), operation.layout.release(former.id)
    env = _environment(operation, former, scratch_url)
    port = operation.world.instances.free_port()
    base = f"http://127.0.0.1:{port}"
    values = _values(operation, former, port)
    argv = fill_all(own.run.command, values, "run.command")
    world = operation.world
    with world.instances.running(argv, env, place, base + own.health.ready, own.run.ready_timeout_s):
        return run_smoke(own.smoke, Place(venv, env, scratch_url), base, world.work, world.http)


def _environment(operation: Operation, former: Release, scratch_url: str) -> Mapping[str, str]:
    """The old release's own environment, its database replaced by the copy."""
    env = dict(operation.release_env(former.id))
    database = operation.configuration.spec.database
    if database is not None:
        env[database.url_env] = operation.runtime_url(scratch_url)
    return env


def _values(operation: Operation, former: Release, port: int) -> Mapping[str, str]:
    layout = operation.layout
    here = operation.configuration
    public_url = here.environment.public_url or operation.edge_url
    return instance_values(layout.venv(former.id), port, layout.state, here.environment_name, public_url)
