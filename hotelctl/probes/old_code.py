"""The release that serves, on a throw-away database while the pending migrations run there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from hotelctl.config.instance_values import instance_values
from hotelctl.config.pinned import Pinned
from hotelctl.config.smoke import is_empty, run_smoke
from hotelctl.config.template import fill_all
from hotelctl.core.errors import NotApplicable, StepFailed, Unavailable, UsageError
from hotelctl.core.ports import Completed
from hotelctl.core.work import Place
from hotelctl.facts.live_database import DatabaseStand
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.facts.migration_set import MigrationSet
from hotelctl.facts.old_code import OldCode
from hotelctl.facts.old_model import OldModel, model_gaps
from hotelctl.facts.smoke_run import WorkflowResult
from hotelctl.facts.tracer import Recorded
from hotelctl.probes.context import Context, Serving
from hotelctl.probes.kept_release import place_of, service_of
from hotelctl.probes.migration_way import require_way
from hotelctl.probes.needed_extensions import needed_extensions
from hotelctl.probes.throw_away import entered


def old_code(context: Context, known: MigrationSet, stand: DatabaseStand, place: MigrationPlace) -> OldCode:
    """What the serving release says to a schema that becomes the coming one under its open sessions.

    Its own migrations make the database, its smoke workflows ask it before and after the pending ones.

    Raises:
        NotApplicable: nothing is pending, or nothing was ever migrated.

    """
    live = stand.live
    if stand.why:
        return OldCode("", why=stand.why)
    if live is None or not live.revisions:
        raise NotApplicable("no database lives here that a release could be used to")
    if not known.above(live.revisions):
        raise NotApplicable(f"no migration is pending: {live.name} is at {', '.join(live.revisions)}")
    try:
        serving = context.release()
        own = service_of(serving.release_id, context)
        return _tried(context, serving, own, place, needed_extensions(known, context))
    except (NotApplicable, Unavailable) as trouble:
        return OldCode("", why=trouble.reason)
    except (StepFailed, UsageError) as failed:
        return OldCode("", why=failed.message)


def _tried(
    context: Context, serving: Serving, own: Pinned, coming: MigrationPlace, extensions: frozenset[str]
) -> OldCode:
    with context.scratch.apart("oldcode", roles_of=context.database(), offering=extensions) as url:
        old = _Old(context, serving, own, url)
        _at_its_own_schema(context, serving, url)
        before = old.compared()
        if is_empty(own.smoke):
            _migrated(context, coming, url)
            why = f"release {serving.release_id} declares no smoke workflow that could be asked"
            return OldCode("", why=why, model=_model(before, old.compared()))
        with context.tracer.recorded(url) as recorded, old.running(recorded) as base:
            found = _asked_twice(context, old, recorded, base, coming)
        return replace(found, model=_model(before, old.compared()))


def _asked_twice(
    context: Context, old: "_Old", recorded: Recorded, base: str, coming: MigrationPlace
) -> OldCode:
    first = old.asked(base)
    if broken := next((one for one in first if not one.passed), None):
        raise Unavailable(f"the serving release fails here before any migration: {broken.name}: {broken.why}")
    cut = len(recorded.said())
    _migrated(context, coming, old.url)
    second = old.asked(base)
    said = recorded.said()
    failed = tuple(one for one in second if not one.passed)
    return OldCode(old.serving.release_id, said[:cut], said[cut:], len(second), failed)


def _migrated(context: Context, coming: MigrationPlace, url: str) -> None:
    """The pending migrations have run there. Raises `Unavailable`."""
    venv = coming.venv or context.workspace
    done = context.work.migrate(venv, coming.source, url, context.release_env)
    if not done.ok:
        raise Unavailable(f"the pending migrations fail: {done.why}")


def _model(before: Completed | None, after: Completed | None) -> OldModel | None:
    """What came between the models and the schema; None where Alembic is not asked."""
    if before is None or after is None:
        return None
    for one in (before, after):
        if not one.ok:
            return OldModel(why=f"the models of the serving release cannot be compared: {one.tail(1)}")
    try:
        return OldModel(model_gaps(before.stdout, after.stdout))
    except ValueError as error:
        return OldModel(why=f"the models of the serving release cannot be compared: {error}")


def _at_its_own_schema(context: Context, serving: Serving, url: str) -> None:
    """The database is as the release's own migrations build it. Raises `Unavailable`."""
    source = _source(context)
    context.repository.export(serving.commit, source)
    old = place_of(serving.release_id, context)
    require_way(source, old.venv, context)
    done = context.work.migrate(old.venv, source, url, old.env)
    if not done.ok:
        raise Unavailable(f"the serving release's own migrations fail on an empty database: {done.why}")


def _source(context: Context) -> Path:
    """Where the serving release's commit is exported to."""
    return context.workspace / "old-source"


@dataclass(frozen=True, slots=True)
class _Old:
    """The serving release as one throw-away instance of it; `url` is the owner's of its database."""

    context: Context
    serving: Serving
    own: Pinned
    url: str

    @contextmanager
    def running(self, recorded: Recorded) -> Iterator[str]:
        """Where it answers; its database it reaches by way of whoever listens. Raises `StepFailed`."""
        here, context = self.context.configuration, self.context
        place = self._place()
        port = context.instances.free_port()
        base = f"http://127.0.0.1:{port}"
        values = instance_values(place.venv, port, context.state, here.environment_name, base)
        env = dict(place.env)
        database = here.spec.database
        if database is not None:
            env[database.url_env] = entered(recorded.url, database.runtime_role, context)
        argv = fill_all(self.own.run.command, values, "run.command")
        ready, limit_s = base + self.own.health.ready, self.own.run.ready_timeout_s
        with context.instances.running(argv, env, place.venv.parent, ready, limit_s):
            yield base

    def compared(self) -> Completed | None:
        """What its models and its database do not agree on now; None where nobody can tell."""
        place = self._place()
        return self.context.work.compare_models(place.venv, _source(self.context), self.url, place.env)

    def asked(self, base: str) -> tuple[WorkflowResult, ...]:
        """What its smoke workflows say. Raises `StepFailed`."""
        return run_smoke(self.own.smoke, self._place(), base, self.context.work, self.context.http)

    def _place(self) -> Place:
        return replace(place_of(self.serving.release_id, self.context), database_url=self.url)
