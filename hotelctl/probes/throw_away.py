"""A throw-away instance of the candidate: its own database, its own state, a free port."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from hotelctl.config.instance_values import instance_values
from hotelctl.config.release_env import compose, with_role
from hotelctl.config.template import fill, fill_all
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.ports import Command, Completed
from hotelctl.core.work import Place
from hotelctl.facts.artifact import Export
from hotelctl.facts.installation import Installation
from hotelctl.probes.context import Context
from hotelctl.probes.migration_way import require_way

_CHORE_S = 60.0


@dataclass(frozen=True, slots=True)
class ThrowAway:
    """A running instance at `url`; nobody else is told of it, and nothing of it stays.

    `database_url` is the owner's, None for a service without a database.
    """

    context: Context
    url: str
    database_url: str | None
    env: Mapping[str, str]
    venv: Path
    values: Mapping[str, str]

    def seeded(self) -> Mapping[str, str]:
        """What the service's own seed printed when it had filled the database; empty without a seed.

        Raises:
            Unavailable: it failed.

        """
        seed = self.context.configuration.spec.security.sandbox.seed
        if not seed:
            return {}
        try:
            return self.context.work.smoke_variables(Place(self.venv, self.env, self.database_url), seed)
        except StepFailed as failed:
            said = failed.message.replace("smoke.prepare", "security.sandbox.seed")
            raise Unavailable(said) from failed

    def run(self, command: tuple[str, ...], where: str) -> Completed:
        """One command of the candidate, with the instance's own variables, has ended."""
        argv = fill_all(command, self.values, where)
        return self.context.processes.run(Command(argv, self.venv, self.env, _CHORE_S))


@contextmanager
def throw_away(
    installed: Installation, export: Export, context: Context, more: Mapping[str, str] | None = None
) -> Iterator[ThrowAway]:
    """The candidate runs inside the block, migrated and ready; afterwards it is gone with all it wrote.

    It has the variables of a release in this environment but for its database, its state and what
    `[security.sandbox]`, and last `more`, say otherwise.

    Raises:
        Unavailable: it does not get as far as being ready; why.

    """
    if installed.install_exit != 0:
        raise Unavailable("the candidate could not be installed, so it cannot be started in a sandbox")
    spec = context.configuration.spec
    if spec.run_ is None or spec.health_ is None:
        raise Unavailable(context.configuration.lacks("[run] and [health]", "no candidate can be started"))
    database = nullcontext() if spec.database is None else context.scratch.apart("sandbox")
    with database as url:
        made = _prepared(installed, export, context, url, more or {})
        argv = fill_all(spec.run.command, made.values, "run.command")
        ready = made.url + spec.health.ready
        place = made.venv.parent
        try:
            with context.instances.running(argv, made.env, place, ready, spec.run.ready_timeout_s):
                yield made
        except StepFailed as failed:
            raise Unavailable(f"the candidate does not run in a sandbox: {failed.message}") from failed


def _prepared(
    installed: Installation, export: Export, context: Context, url: str | None, more: Mapping[str, str]
) -> ThrowAway:
    """Everything but the instance itself. Raises `Unavailable`."""
    spec = context.configuration.spec
    state = context.workspace / "sandbox"
    context.files.make_directory(state, 0o700)
    port = context.instances.free_port()
    base = f"http://127.0.0.1:{port}"
    here = context.configuration
    public_url = here.environment.public_url or base
    values = instance_values(installed.venv, port, state, here.environment_name, public_url)
    env = {**_environment(context, values), **more}
    made = ThrowAway(context, base, url, env, installed.venv, values)
    if url is not None and spec.database is not None:
        require_way(export.path, installed.venv, context)
        done = context.work.migrate(installed.venv, export.path, url, env)
        if not done.ok:
            raise Unavailable(f"the candidate's migrations fail in a sandbox: {done.why}")
        env[spec.database.url_env] = entered(url, spec.database.runtime_role, context)
    for command in spec.run.prepare:
        chore = made.run(command, "run.prepare")
        if not chore.ok:
            raise Unavailable(f"the candidate's preparation fails in a sandbox: {chore.tail(1)}")
    return made


def _environment(context: Context, values: Mapping[str, str]) -> dict[str, str]:
    more = context.configuration.spec.security.sandbox.env
    own = {key: fill(text, values, f"security.sandbox.env.{key}") for key, text in more.items()}
    return {**compose(context.configuration, values, context.environ), **own}


def entered(url: str, role: str | None, context: Context) -> str:
    """The database as a release enters it: by its run-time role where it has one."""
    if role is None:
        return url
    password = secrets.token_urlsafe(24)
    context.databases.allow_login(url, role, password)
    return with_role(url, role, password)
