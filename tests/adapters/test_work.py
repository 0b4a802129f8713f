import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.environments import Environments
from hotelctl.adapters.work import ServiceWork
from hotelctl.config.service import ServiceSpec
from hotelctl.core.errors import StepFailed, Unavailable, UsageError
from hotelctl.core.ports import Command
from hotelctl.core.redact import Redactor
from hotelctl.core.work import Place
from tests.fakes.databases import FakeDatabases
from tests.fakes.evidence import FakeEvidence
from tests.fakes.files import FakeFiles
from tests.fakes.processes import Answer, FakeProcesses

URL = "postgresql://owner@db.invalid/live"
_PREPARE = ["{venv}/smoke"]
SOURCE, VENV, OUT = Path("/x/source"), Path("/x/venv"), Path("/x/out")
_SPEC: dict[str, Any] = {
    "schema": "hotelctl.service/1",
    "service": {"name": "thing", "title": "Thing"},
    "build": {
        "command": ["{python}", "build", "{source}", "{out}"],
        "artifact": "*.whl",
        "requirements": "lock.txt",
    },
    "tests": {
        "command": ["pytest", "--junitxml={junit}"],
        "database_env": "TEST_DATABASE_URL",
        "timeout_s": 9,
    },
    "database": {"url_env": "DATABASE_URL"},
    "migrations": {
        "kind": "alembic",
        "directory": "m",
        "command": ["{venv}/up"],
        "model_check": ["{venv}/check"],
    },
    "run": {"command": ["run"], "prepare": [["{venv}/one", "{state}"], ["{venv}/two"]]},
    "health": {"live": "/", "ready": "/", "version": "/"},
}


class Made:
    """A worker over fakes; `ran` are its commands."""

    def __init__(self, **changes: Any) -> None:  # noqa: ANN401 - tables of the service file
        self.evidence = FakeEvidence()
        self.processes = FakeProcesses(self.evidence)
        self.files = FakeFiles()
        self.databases = FakeDatabases("live")
        self.redactor = Redactor()
        spec = ServiceSpec.model_validate({k: v for k, v in (_SPEC | changes).items() if v is not None})
        environments = Environments(self.processes, self.files, Path("/x/cache"))
        self.work = ServiceWork(
            spec,
            self.processes,
            self.databases,
            self.files,
            environments,
            values={"state": "/x/state", "environment": "local", "public_url": "http://x"},
            redactor=self.redactor,
        )

    @property
    def ran(self) -> list[Command]:
        """What ran, oldest first."""
        return self.processes.commands


def test_tests_get_the_scratch_database_and_their_limit() -> None:
    made = Made()
    made.files.write_durable(Path("/x/junit.xml"), b"old")
    made.processes.answer(["pytest"])
    made.work.run_tests(SOURCE, URL, Path("/x/junit.xml"))
    command = made.ran[0]
    assert command.argv == ("pytest", "--junitxml=/x/junit.xml")
    assert (command.cwd, command.timeout_s, command.env["TEST_DATABASE_URL"]) == (SOURCE, 9, URL)
    assert not made.files.exists(Path("/x/junit.xml")), "an old report must not be read as a new one"


def test_no_tests_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"tests\.command"):
        Made(tests=None).work.run_tests(SOURCE, None, OUT)


def _build(made: Made, *names: str, code: int = 0) -> Any:  # noqa: ANN401 - what the build gave
    def leave(_command: Command) -> None:
        for name in names:
            made.files.write_durable(OUT / name, b"x")

    made.processes.answer(["build"], Answer(code, stderr="boom" if code else "", effect=leave))
    return made.work.build(SOURCE, OUT, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_build_starts_in_an_empty_place_with_the_commits_time() -> None:
    made = Made()
    made.files.write_durable(OUT / "old.whl", b"x")
    built = _build(made, "thing.whl", "log.txt")
    assert built.artifact == OUT / "thing.whl"
    assert made.ran[0].env["SOURCE_DATE_EPOCH"] == "1767225600"
    assert made.ran[0].argv == (sys.executable, "build", str(SOURCE), str(OUT))


@pytest.mark.parametrize(
    ("names", "code", "why"),
    [((), 0, "nothing"), (("a.whl", "b.whl"), 0, "a.whl, b.whl"), (("a.whl",), 1, "boom")],
)
def test_anything_but_one_artifact_is_none(names: tuple[str, ...], code: int, why: str) -> None:
    built = _build(Made(), *names, code=code)
    assert built.artifact is None
    assert why in built.why


def test_chores_stop_at_the_first_that_fails() -> None:
    made = Made()
    chores = (("{venv}/one", "{state}"), ("{venv}/two",))
    made.processes.answer([f"{VENV}/one"], Answer(3))
    assert [one.exit_code for one in made.work.prepare(chores, VENV, {"A": "1"})] == [3]
    assert made.ran[0].argv == (f"{VENV}/one", "/x/state")
    made.processes.answer([f"{VENV}/one"])
    made.processes.answer([f"{VENV}/two"])
    assert len(made.work.prepare(chores, VENV, {"A": "1"})) == 2


def _at(made: Made, revision: str | None) -> None:
    made.databases.answer("to_regclass", ("x",), [(revision is not None,)])
    made.databases.answer("version_num", ("v",), [(revision,)])


def test_a_second_name_of_the_live_database_leads_a_program_to_the_same_copy() -> None:
    """A migration that takes its database from another variable would change the live one."""
    made = Made()
    env = {
        "DATABASE_URL": "postgresql://app@db.invalid/live",
        "DIRECT_URL": "postgresql+psycopg://owner:pw@db.invalid/live",
        "OTHER_URL": "postgresql://owner@db.invalid/other",
        "GREETING": "postgres is nice",
    }
    made.processes.answer([f"{VENV}/check"], Answer())
    made.processes.answer([f"{VENV}/up"], Answer())
    made.work.check_model(VENV, "postgresql://owner@/copy?host=/x", env)
    assert made.ran[-1].env == {
        "DATABASE_URL": "postgresql://owner@/copy?host=/x",
        "DIRECT_URL": "postgresql+psycopg://owner@/copy?host=/x",
        "OTHER_URL": "postgresql://owner@db.invalid/other",
        "GREETING": "postgres is nice",
    }
    _at(made, "a")
    made.work.migrate(VENV, SOURCE, URL, env)
    assert made.ran[-1].env == {**env, "DATABASE_URL": URL}, "the live one itself, in a deploy"


def test_an_alembic_upgrade_runs_as_the_owner_and_tells_what_it_did() -> None:
    made = Made()
    _at(made, "a")
    made.processes.answer([f"{VENV}/up"], Answer(effect=lambda _: _at(made, "b")))
    done = made.work.migrate(VENV, SOURCE, URL, {"DATABASE_URL": "postgresql://app@x/y", "A": "1"}, "b")
    assert (done.ok, done.revision, done.applied) == (True, "b", ("b",))
    assert made.ran[0].argv == (f"{VENV}/up", "--revision", "b")
    assert made.ran[0].env == {"DATABASE_URL": URL, "A": "1"}


def test_of_several_heads_each_says_where_a_database_is() -> None:
    """What was proven of one pair says nothing of another one that ends alike."""
    made = Made()
    _at(made, "a")
    assert made.work.current_revision(URL) == "a"
    for first in ("a", "b"):
        made.databases.answer("version_num", ("v",), [("c",), (first,)])
        assert made.work.current_revision(URL) == f"{first}, c"
    _at(made, None)
    assert made.work.current_revision(URL) is None


def test_a_failed_upgrade_says_why_in_one_line() -> None:
    made = Made()
    _at(made, None)
    made.processes.answer([f"{VENV}/up"], Answer(1, stderr="Traceback\nmigration failed: no such table"))
    done = made.work.migrate(VENV, SOURCE, URL, {})
    assert (done.ok, done.revision, done.why) == (False, None, "migration failed: no such table")


def test_of_a_refusal_that_sqlalchemy_tells_the_server_s_words_are_said() -> None:
    made = Made()
    _at(made, None)
    words = "sqlalchemy.exc.ProgrammingError: (psycopg.errors.UndefinedColumn) no such column"
    said = f"Traceback\n{words}\nLINE 1: x\n[SQL: DROP x]\n(Background on this error at: https://sqlalche.me/e/f405)"
    made.processes.answer([f"{VENV}/up"], Answer(1, stderr=said))
    assert made.work.migrate(VENV, SOURCE, URL, {}).why == words


def test_the_model_check_and_services_without_one() -> None:
    made = Made()
    made.processes.answer([f"{VENV}/check"], Answer(1))
    checked = made.work.check_model(VENV, URL, {})
    assert checked is not None
    assert checked.exit_code == 1
    assert Made(migrations=None).work.check_model(VENV, URL, {}) is None
    assert Made(migrations=None).work.revisions(URL) == ()


def test_models_are_compared_by_alembic_in_the_environment_of_the_release() -> None:
    made = Made()
    made.processes.answer([f"{VENV}/bin/python"], Answer(stdout="[]"))
    compared = made.work.compare_models(VENV, SOURCE, URL, {"DATABASE_URL": "postgresql://app@x/y"})
    assert compared is not None
    assert compared.stdout == "[]"
    (command,) = made.ran
    assert (command.argv[1], command.cwd) == ("-c", SOURCE)
    assert command.argv[-1].startswith(f"{SOURCE}/")
    assert (command.env["DATABASE_URL"], command.env["HOTELCTL_COMPARED_URL"]) == (URL, URL)
    assert Made(migrations=None).work.compare_models(VENV, SOURCE, URL, {}) is None


def test_smoke_variables_are_confidential_and_their_secrets_hidden_from_then_on() -> None:
    made = Made()
    printed = '{"email": "smoke@example.org", "password": "hunter2hunter2"}'
    made.processes.answer([f"{VENV}/smoke"], Answer(stdout=printed))
    assert made.work.smoke_variables(Place(VENV, {}, URL), _PREPARE)["password"] == "hunter2hunter2"
    assert made.ran[0].confidential
    assert made.ran[0].env == {"DATABASE_URL": URL}
    assert "hunter2" not in made.redactor("log: hunter2hunter2")
    assert "smoke@example.org" in made.redactor("log: smoke@example.org")
    assert made.evidence.outputs == {}


@pytest.mark.parametrize(
    "answer", [Answer(1, stderr="no database"), Answer(stdout="hello"), Answer(stdout='{"a": 1}')]
)
def test_smoke_variables_that_are_none_stop(answer: Answer) -> None:
    made = Made()
    made.processes.answer([f"{VENV}/smoke"], answer)
    with pytest.raises(StepFailed, match=r"smoke\.prepare"):
        made.work.smoke_variables(Place(VENV, {}, URL), _PREPARE)


def test_a_smoke_program_works_as_the_owner_and_knows_how_the_instance_enters() -> None:
    made = Made()
    made.processes.answer([f"{VENV}/ask"], Answer(stdout="{}"))
    env = {"DATABASE_URL": "postgresql://app@db.invalid/live", "MODE": "live"}
    place = Place(VENV, env, URL)
    done = made.work.smoke_program(
        place, ["{venv}/ask", "{url}", "{release}"], "http://h", 7, stdin="{}", confidential=True
    )
    assert done.ok
    (ran,) = made.processes.commands
    assert ran.argv == (f"{VENV}/ask", "http://h", str(VENV.parent))
    assert ran.env == {**env, "DATABASE_URL": URL, "RUNTIME_DATABASE_URL": env["DATABASE_URL"]}
    assert (ran.stdin, ran.confidential, ran.timeout_s) == (b"{}", True, 7)


def test_a_program_that_was_started_ahead_is_told_and_is_over_afterwards() -> None:
    made, place = Made(), Place(VENV, {}, URL)
    made.processes.answer([f"{VENV}/ask"], Answer(stdout="{}"))
    with made.work.smoke_ahead(place, ["{venv}/ask", "{url}"], "http://h"):
        assert (made.processes.waiting, made.processes.commands) == (1, [])
        for told in ("\n", "again"):
            assert made.work.smoke_program(place, ["{venv}/ask", "{url}"], "http://h", 7, stdin=told).ok
    assert made.processes.waiting == 0
    assert [(ran.stdin, ran.timeout_s) for ran in made.processes.commands] == [(b"\n", 7), (b"again", 7)]
    assert len(made.processes.ended) == 1


def test_a_program_for_another_place_or_without_a_word_is_started_anew() -> None:
    made, place = Made(), Place(VENV, {}, URL)
    made.processes.answer([f"{VENV}/ask"], Answer(stdout="{}"))
    with made.work.smoke_ahead(place, ["{venv}/ask"], "http://h"):
        made.work.smoke_program(
            replace(place, env={"MODE": "live"}), ["{venv}/ask"], "http://h", 7, stdin="\n"
        )
        made.work.smoke_program(place, ["{venv}/ask"], "http://h", 7)
        made.work.smoke_program(place, ["{venv}/ask"], "http://h", 7, stdin="\n", confidential=True)
    assert not made.processes.ended
    assert len(made.processes.commands) == 3


def test_a_program_that_cannot_be_started_ahead_is_missed_by_who_asks_it() -> None:
    made, place = Made(), Place(VENV, {}, URL)
    made.processes.absent(f"{VENV}/ask")
    with (
        made.work.smoke_ahead(place, ["{venv}/ask"], "http://h"),
        pytest.raises(Unavailable, match="not ins"),
    ):
        made.work.smoke_program(place, ["{venv}/ask"], "http://h", 7, stdin="\n")


def test_a_program_that_did_not_wait_to_be_told_is_asked_anew() -> None:
    made, place = Made(), Place(VENV, {}, URL)
    made.processes.answer([f"{VENV}/ask"], Answer(stdout="{}"))
    made.processes.hasty.add(f"{VENV}/ask")
    with made.work.smoke_ahead(place, ["{venv}/ask"], "http://h"):
        assert made.work.smoke_program(place, ["{venv}/ask"], "http://h", 7, stdin="\n").ok
    assert (made.processes.ended, made.processes.waiting) == ([], 0)
    (ran,) = made.processes.commands
    assert (ran.stdin, ran.timeout_s) == (b"\n", 7)


def test_the_clean_up_reads_what_was_prepared() -> None:
    made = Made()
    made.processes.answer([f"{VENV}/sweep"], Answer())
    place = Place(VENV, {"MODE": "live"}, URL)
    done = made.work.smoke_cleanup(place, ["{venv}/sweep"], {"email": "smoke@example.org"})
    assert done.ok
    (ran,) = made.processes.commands
    assert ran.stdin == b'{"email": "smoke@example.org"}'
    assert ran.env == {"MODE": "live", "DATABASE_URL": URL}


def test_outside_services_are_asked_by_the_release_with_its_own_variables() -> None:
    made = Made()
    made.processes.answer([f"{VENV}/ask"], Answer(stdout="{}"))
    place = Place(VENV, {"MODE": "live", "DATABASE_URL": "postgresql://runtime@db.invalid/live"}, URL)
    done = made.work.ask_outside(place, ["{venv}/ask", "--only={services}"], ["mail", "pay"], 7)
    assert (done.ok, done.stdout) == (True, "{}")
    (ran,) = made.processes.commands
    assert (ran.argv, ran.timeout_s) == ((f"{VENV}/ask", "--only=mail,pay"), 7)
    assert ran.env == place.env, "no check of others enters the database as its owner"


def test_an_unknown_template_is_a_usage_error() -> None:
    made = Made()
    with pytest.raises(UsageError, match=r"smoke\.cleanup.*venw"):
        made.work.smoke_cleanup(Place(VENV, {}, URL), ["{venw}/x"], {})


def test_the_service_file_may_name_alembic_s_table_of_revisions() -> None:
    said = {"kind": "alembic", "directory": "m", "command": ["up"], "version_table": "ops.journal"}
    assert Made(migrations=said).work.ledger().table == '"ops"."journal"'
    assert Made(migrations={**said, "version_table": None}).work.ledger().table == "alembic_version"
