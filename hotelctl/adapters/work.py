"""`Work` by the commands of the service file, each an argument list that `Processes` runs."""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from hotelctl.adapters import alembic_models, alone
from hotelctl.adapters.environments import Environments
from hotelctl.adapters.ledger import keeps
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.scratch import is_scratch
from hotelctl.adapters.sql_migrations import SqlMigrations
from hotelctl.config.release_env import led_to
from hotelctl.config.service import ServiceSpec
from hotelctl.config.template import fill_all
from hotelctl.core.errors import StepFailed, Unavailable, UsageError
from hotelctl.core.ledger import Ledger
from hotelctl.core.ports import Begun, Command, Completed, Databases, Files, Processes
from hotelctl.core.redact import Redactor
from hotelctl.core.work import Built, Migrated, Place
from hotelctl.facts.alembic_ledger import alembic_ledger, named_ledger
from hotelctl.facts.command_refusal import refusal_of
from hotelctl.facts.migration_set import LEDGERS, position
from hotelctl.facts.sql_layout import SQL_LAYOUTS

_CHORE_S = 60.0
_NO_LEDGER = Ledger("", ())
_MIGRATE_S = 900.0
# For as long as a command that is refused may try again.
_LOOK_S = 30.0
_Key = tuple[tuple[str, ...], Path | None, tuple[tuple[str, str], ...]]
_SECRET_NAME = re.compile(r"pass|secret|token|key|code", re.IGNORECASE)


class ServiceWork:
    """The commands of one service in one environment.

    `values` are the templates that hold everywhere: state, environment, public_url. `project` is the
    checkout.
    """

    def __init__(  # noqa: PLR0913 - one parameter a port
        self,
        spec: ServiceSpec,
        processes: Processes,
        databases: Databases,
        files: Files,
        environments: Environments,
        *,
        values: Mapping[str, str],
        redactor: Redactor,
        project: Path | None = None,
    ) -> None:
        """Keep the ports; nothing runs yet."""
        self._spec = spec
        self._processes = processes
        self._databases = databases
        self._files = files
        self._environments = environments
        self._values = {"python": sys.executable, **values}
        self._redactor = redactor
        self._project = project
        self._ahead: dict[_Key, Begun] = {}

    def run_tests(self, source: Path, database_url: str | None, junit: Path) -> Completed:
        """The quick test tier has run in `source` and written `junit`. Raises `UsageError` without one."""
        tests = self._spec.tests
        if tests is None or not tests.command:
            raise UsageError(
                "the service file has no tests.command", "add [tests] with the command of a quick tier"
            )
        self._files.remove(junit)
        self._files.make_directory(junit.parent)
        argv = fill_all(
            tests.command, self._values | {"source": str(source), "junit": str(junit)}, "tests.command"
        )
        wanted = tests.database_env if database_url else None
        env = {wanted: database_url} if wanted and database_url else {}
        return self._processes.run(Command(argv, source, env, tests.timeout_s, beside=True))

    def build(self, source: Path, out: Path, committed_at: datetime) -> Built:
        """The artifact of `source` stands alone in `out`; its time stamps are those of the commit."""
        self._files.remove(out)
        self._files.make_directory(out)
        build = self._spec.build
        argv = fill_all(
            build.command, self._values | {"source": str(source), "out": str(out)}, "build.command"
        )
        env = {"SOURCE_DATE_EPOCH": str(int(committed_at.timestamp()))}
        completed = self._processes.run(Command(argv, source, env, build.timeout_s, beside=True))
        if not completed.ok:
            return Built(completed, None, refusal_of(completed))
        found = self._files.glob(out, build.artifact)
        if len(found) != 1:
            names = ", ".join(path.name for path in found) or "nothing"
            return Built(completed, None, f"one artifact {build.artifact!r} was expected, found {names}")
        return Built(completed, found[0])

    def furnish(self, venv: Path, lock: bytes) -> None:
        """The packages of the hashed requirements `lock` are in `venv` already, where a copy is enough."""
        self._environments.furnish(venv, lock)

    def install(self, venv: Path, artifact: Path, requirements: Path) -> Completed:
        """The hashed requirements and the artifact are in `venv`; a half-made one is made again."""
        return self._environments.install(venv, artifact, requirements)

    def import_packages(self, venv: Path) -> Completed:
        """The packages that the service file names were imported in `venv`."""
        names = self._spec.build.imports
        # Nothing of what modules bring is garbage: a third of the time would go into looking for it.
        code = "import gc, importlib, sys; gc.disable(); [*map(importlib.import_module, sys.argv[1:])]"
        return self._processes.run(
            Command((_python(venv), "-c", code, *names), venv, {}, _CHORE_S, beside=True)
        )

    def prepare(
        self, commands: Sequence[Sequence[str]], venv: Path, env: Mapping[str, str]
    ) -> tuple[Completed, ...]:
        """The chores before a start have run, up to the first that failed."""
        done: list[Completed] = []
        for command in commands:
            done.append(self._in_venv(command, venv, env, "run.prepare"))
            if not done[-1].ok:
                break
        return tuple(done)

    def migrate(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str], revision: str | None = None
    ) -> Migrated:
        """The database is at `revision`, by default at the newest one."""
        migrations = self._spec.migrations
        if migrations is None:
            return Migrated(ok=True, revision=None, applied=())
        if migrations.kind in SQL_LAYOUTS:
            return self._sql(migrations.kind).migrate(source / migrations.directory, database_url, revision)
        before = self.current_revision(database_url)
        command = (*migrations.command, *(("--revision", revision) if revision else ()))
        owner = self._owner(env, database_url)
        completed = self._in_venv(
            command,
            venv,
            owner,
            "migrations.command",
            timeout_s=_MIGRATE_S,
            beside=is_scratch(database_url),
        )
        after = self.current_revision(database_url)
        applied = (after,) if after and after != before else ()
        return Migrated(completed.ok, after, applied, "" if completed.ok else refusal_of(completed))

    def tries_alone(self, venv: Path, database_url: str, env: Mapping[str, str]) -> Completed | None:
        """The upgrade's own command has ended, kept off every network; None where the kernel cannot do that.

        What names no host finds that of `database_url`, as libpq does by PGHOST.
        """
        words = self._spec.migrations.command if self._spec.migrations else ()
        command = (sys.executable, "-I", "-S", alone.__file__, *words)
        owner = self._owner(env, database_url) | {"PGHOST": Address(database_url).host}
        completed = self._in_venv(command, venv, owner, "migrations.command", timeout_s=_LOOK_S)
        cannot = completed.exit_code == alone.CANNOT and not completed.tail(1)
        return None if cannot else completed

    def migrate_down(
        self, venv: Path, database_url: str, env: Mapping[str, str], revision: str | None
    ) -> Migrated:
        """What stands above `revision` is taken back by its own command; None is before the first."""
        words = self._spec.migrations.down_command if self._spec.migrations else ()
        command = (*words, "--revision", revision or "base")
        owner = self._owner(env, database_url)
        completed = self._in_venv(command, venv, owner, "migrations.down_command", timeout_s=_MIGRATE_S)
        after = self.current_revision(database_url)
        return Migrated(completed.ok, after, (), "" if completed.ok else refusal_of(completed))

    def check_model(self, venv: Path, database_url: str, env: Mapping[str, str]) -> Completed | None:
        """The service compared its model with that database; None when it has no command for it."""
        command = self._spec.migrations.model_check if self._spec.migrations else ()
        if not command:
            return None
        return self._in_venv(command, venv, self._owner(env, database_url), "migrations.model_check")

    def ledger(self) -> Ledger:
        """The table of SQL migrations by their layout, or Alembic's as service file or `env.py` name it."""
        migrations = self._spec.migrations
        if migrations is not None and migrations.kind == "alembic" and migrations.version_table is not None:
            return named_ledger(migrations.version_table)
        if migrations is None or migrations.kind != "alembic" or self._project is None:
            return LEDGERS.get(migrations.kind if migrations else "sql", _NO_LEDGER)
        env = PurePosixPath(migrations.directory) / "env.py"
        if not self._files.exists(self._project / env):
            return LEDGERS["alembic"]
        return alembic_ledger(str(env), self._files.read(self._project / env))

    def compare_models(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str]
    ) -> Completed | None:
        """What the models of `source` and that database do not agree on, one JSON text; None without Alembic.

        It runs where the release's modules and their `alembic.ini` are found, in the release's own Python.
        """
        migrations = self._spec.migrations
        if migrations is None or migrations.kind != "alembic":
            return None
        text = Path(alembic_models.__file__).read_text(encoding="utf-8")
        argv = (_python(venv), "-c", text, str(source / migrations.directory))
        owner = {**self._owner(env, database_url), alembic_models.URL: database_url}
        return self._processes.run(Command(argv, source, owner, _CHORE_S))

    def revisions(self, database_url: str) -> tuple[str, ...]:
        """Alembic's current heads, or all applied SQL migrations in order; of other kinds nothing."""
        kind = self._spec.migrations.kind if self._spec.migrations else "other"
        if kind in SQL_LAYOUTS:
            return self._sql(kind).revisions(database_url)
        if kind != "alembic":
            return ()
        ledger = self.ledger()
        if not keeps(self._databases, database_url, ledger):
            return ()
        asked = f"SELECT version_num FROM {ledger.table} ORDER BY version_num"  # noqa: S608 - quoted
        rows = self._databases.query(database_url, asked)
        return tuple(str(row[0]) for row in rows.values)

    def current_revision(self, database_url: str) -> str | None:
        """Where it is by its `revisions`, in one word; None for a database that was never migrated."""
        kind = self._spec.migrations.kind if self._spec.migrations else "other"
        return position(kind, self.revisions(database_url))

    def smoke_variables(self, place: Place, command: Sequence[str]) -> Mapping[str, str]:
        """The variables of the smoke workflows, as the release's own `command` prints them.

        Raises:
            StepFailed: in one line.

        """
        owner = self._owner(place.env, place.database_url)
        completed = self._in_venv(command, place.venv, owner, "smoke.prepare", confidential=True)
        if not completed.ok:
            raise StepFailed(f"smoke.prepare failed: {refusal_of(completed)}", "run its command by hand")
        variables = _strings(completed.stdout)
        for name, value in variables.items():
            if _SECRET_NAME.search(name):
                self._redactor.add(value)
        return variables

    def smoke_program(
        self,
        place: Place,
        command: Sequence[str],
        url: str,
        timeout_s: float,
        *,
        stdin: str | None = None,
        confidential: bool = False,
    ) -> Completed:
        """A program of the release has asked the instance at `url`.

        It works as the owner; `RUNTIME_` and the variable's name hold how the instance itself enters. One
        that was started ahead and did not wait is started anew: it asked when there was nothing to ask.
        """
        program = self._smoke(place, command, url)
        given = None if stdin is None else stdin.encode()
        if given is not None and not confidential:
            begun = self._ahead.pop(_key(program), None)
            if begun is not None and not begun.over():
                return begun.end(given, timeout_s)
        return self._processes.run(
            replace(program, timeout_s=timeout_s, stdin=given, confidential=confidential)
        )

    @contextmanager
    def smoke_ahead(self, place: Place, command: Sequence[str], url: str) -> Iterator[None]:
        """Inside, the program that `smoke_program` is asked for with the same words is loaded already."""
        program = self._smoke(place, command, url)
        with ExitStack() as stack:
            with suppress(Unavailable):
                self._ahead[_key(program)] = stack.enter_context(self._processes.begun(program))
            try:
                yield
            finally:
                self._ahead.pop(_key(program), None)

    def _smoke(self, place: Place, command: Sequence[str], url: str) -> Command:
        database, env = self._spec.database, self._owner(place.env, place.database_url)
        if database and database.url_env in place.env:
            env[f"RUNTIME_{database.url_env}"] = place.env[database.url_env]
        values = self._values | {"venv": str(place.venv), "release": str(place.venv.parent), "url": url}
        beside = bool(place.database_url and is_scratch(place.database_url))
        return Command(fill_all(command, values, "smoke"), place.venv, env, beside=beside)

    def smoke_cleanup(self, place: Place, command: Sequence[str], variables: Mapping[str, str]) -> Completed:
        """What was made for the variables of `smoke_variables` is gone, by the release's own `command`.

        The command reads them on stdin, as they were printed, so that it can leave alone what others made.
        """
        values = self._values | {"venv": str(place.venv), "release": str(place.venv.parent)}
        env, given = self._owner(place.env, place.database_url), json.dumps(dict(variables)).encode()
        argv = fill_all(command, values, "smoke.cleanup")
        return self._processes.run(Command(argv, place.venv, env, _CHORE_S, stdin=given))

    def ask_outside(
        self, place: Place, command: Sequence[str], services: Sequence[str], timeout_s: float
    ) -> Completed:
        """The release's own `command` has asked these outside services, with the variables of the release."""
        values = self._values | {
            "venv": str(place.venv),
            "release": str(place.venv.parent),
            "services": ",".join(services),
        }
        argv = fill_all(command, values, "external.check")
        return self._processes.run(Command(argv, place.venv, place.env, timeout_s))

    def _sql(self, kind: str) -> SqlMigrations:
        return SqlMigrations(self._databases, self._files, kind)

    def _owner(self, env: Mapping[str, str], database_url: str | None) -> dict[str, str]:
        database = self._spec.database
        return led_to(env, database.url_env, database_url) if database and database_url else dict(env)

    def _in_venv(  # noqa: PLR0913 - one parameter a part of the command
        self,
        command: Sequence[str],
        venv: Path,
        env: Mapping[str, str],
        where: str,
        *,
        timeout_s: float = _CHORE_S,
        confidential: bool = False,
        beside: bool = False,
    ) -> Completed:
        values = self._values | {"venv": str(venv), "release": str(venv.parent)}
        argv = fill_all(command, values, where)
        return self._processes.run(
            Command(argv, venv, env, timeout_s, confidential=confidential, beside=beside)
        )


def _key(command: Command) -> _Key:
    return command.argv, command.cwd, tuple(sorted(command.env.items()))


def _python(venv: Path) -> str:
    return str(venv / "bin" / "python")


def _strings(text: str) -> dict[str, str]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise StepFailed(
            "smoke.prepare did not print one JSON object", "print nothing else on stdout"
        ) from error
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise StepFailed("smoke.prepare must print a JSON object of strings", "print nothing else on stdout")
    return data
