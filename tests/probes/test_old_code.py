import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.errors import NotApplicable
from hotelctl.core.ports import Completed
from hotelctl.core.work import Migrated
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase, Role
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.facts.migration_set import MigrationSet, from_sql
from hotelctl.facts.old_code import OldCode, Spoken
from hotelctl.facts.old_model import Gap, OldModel
from hotelctl.probes.old_code import old_code
from tests.fakes.databases import FakeScratch
from tests.probes.worlds import SERVING, STATE, URL, FakeWork, World, completed

BASE = "http://127.0.0.1:40001"
SMOKE = {"workflow": [{"name": "page", "step": [{"request": "GET /page"}]}]}
KNOWN = from_sql({"migrations/1.sql": b"", "migrations/2.sql": b""})
COMING = MigrationPlace(Path("/throw-away/source"), Path("/throw-away/venv"))
GONE = Spoken("SELECT text FROM notes", "42703", "no such column")
VENV = STATE / "releases/r1/venv"


def at(*revisions: str) -> DatabaseStand:
    """The live database is there."""
    return DatabaseStand(LiveDatabase("live", "18.4", Role("owner"), revisions, ()))


class Upgrades(FakeWork):
    """Keeps who migrates from where; what the release says then is heard. `refuse` is why one fails."""

    world: "World"
    steps: list[tuple[str, str, str]]
    refuse: Mapping[Path, str]

    def migrate(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str], revision: str | None = None
    ) -> Migrated:
        done = super().migrate(venv, source, database_url, env, revision)
        self.steps.append((str(venv), str(source), dict(env).get("MODE", "")))
        why = self.refuse.get(venv, "")
        return Migrated(not why, done.revision, done.applied, why)


def world(*answers: int, said: tuple[Spoken, ...] = (GONE,), **changes: Any) -> World:  # noqa: ANN401 - tables
    """A release that serves and whose page answers like that; afterwards it says this."""
    one = World(smoke=SMOKE, **changes)
    one.serving = SERVING
    one.repository.commit(SERVING.commit, {"migrations/1.sql": "x"})
    one.files.make_directory(COMING.source)
    for name in ("1.sql", "2.sql"):
        one.write(f"migrations/{name}", "SELECT 1;")
    one.write(".hotelctl/local/releases/r1/env.json", json.dumps({"MODE": "live", "DATABASE_URL": URL}))
    for status in answers or (200,):
        one.http.answer("GET", f"{BASE}/page", status)
    work = Upgrades(one.files, one.evidence)
    work.world, work.steps, work.refuse = one, [], {}
    one.work = work
    one.tracer.spoken = (Spoken("SELECT 1"),)
    request = one.http.request

    def asked(*words: Any, **more: Any) -> Any:  # noqa: ANN401 - as the port has it
        if len(work.steps) == 2:
            one.tracer.spoken += said
        return request(*words, **more)

    one.http.request = asked  # type: ignore[method-assign]
    return one


def steps(one: World) -> list[tuple[str, str, str]]:
    """Who migrated from where."""
    assert isinstance(one.work, Upgrades)
    return one.work.steps


def tried(one: World, stand: DatabaseStand | None = None, known: MigrationSet = KNOWN) -> OldCode:
    """What is found where the live database lacks the second."""
    return old_code(one.context(), known, stand or at("1.sql"), COMING)


def test_what_it_says_before_and_after_is_told_apart() -> None:
    old = tried(world(200, 500))
    assert (old.release, old.why, old.workflows) == ("r1", "", 1)
    assert (old.before, old.after) == ((Spoken("SELECT 1"),), (GONE,))
    assert old.refused == (GONE,)
    assert [(one.name, one.why) for one in old.failed] == [
        ("page", "GET /page: answered 500, declared is 200")
    ]


def test_a_release_that_lives_on_fails_nothing() -> None:
    old = tried(world(200, said=(Spoken("SELECT 1"),)))
    assert (old.refused, old.failed, old.workflows) == ((), (), 1)


def test_its_own_migrations_make_the_database_and_the_coming_ones_change_it_under_the_same_instance() -> None:
    one = world(200)
    tried(one)
    assert steps(one) == [
        (str(VENV), "/throw-away/old-source", "live"),
        ("/throw-away/venv", "/throw-away/source", ""),
    ]
    assert [step for step, _ in one.work.upgrades] == ["hotelctl_scratch_oldcode"] * 2
    assert len(one.instances.started) == 1
    assert one.instances.alive == 0
    assert [request.url for request in one.http.requests] == [f"{BASE}/page"] * 2


def test_it_enters_a_throw_away_database_by_way_of_whoever_listens_as_its_run_time_role() -> None:
    one = world(200)
    context = one.context()
    old_code(context, KNOWN, at("1.sql"), COMING)
    (started,) = one.instances.started
    assert started.env["MODE"] == "live"
    assert started.env["DATABASE_URL"].startswith("postgresql://app:")
    assert started.env["DATABASE_URL"].endswith("?recorded=1")
    assert "hotelctl_scratch_oldcode" in started.env["DATABASE_URL"]
    assert (started.argv, started.cwd, started.ready_url) == (("run",), VENV.parent, f"{BASE}/ready")
    assert isinstance(context.scratch, FakeScratch)
    assert (context.scratch.roles_of, context.scratch.open_names) == ([URL], set())


def test_without_a_run_time_role_it_enters_as_the_owner() -> None:
    one = world(200, database={"url_env": "DATABASE_URL"})
    tried(one)
    (started,) = one.instances.started
    assert started.env["DATABASE_URL"].endswith("?recorded=1")
    assert "owner@" in started.env["DATABASE_URL"]


@pytest.mark.parametrize("stand", [DatabaseStand(None), at()])
def test_where_nothing_was_ever_migrated_the_question_does_not_arise(stand: DatabaseStand) -> None:
    with pytest.raises(NotApplicable, match="no database lives here"):
        tried(world(), stand)


def test_where_nothing_is_pending_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable, match=r"live is at 1\.sql, 2\.sql"):
        tried(world(), at("1.sql", "2.sql"))


def _without_smoke(one: World) -> None:
    one.spec = one.spec.model_copy(update={"smoke": World().spec.smoke})


def _nothing_serves(one: World) -> None:
    one.serving = None


def _no_environment(one: World) -> None:
    one.files.remove(STATE / "releases/r1/env.json")


def _not_ready(one: World) -> None:
    one.instances.refuse = "port is taken"


def _own_fail(one: World) -> None:
    one.work.refuse = {VENV: "no such type"}  # type: ignore[attr-defined]


def _coming_fail(one: World) -> None:
    one.work.refuse = {COMING.venv: "no such table"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_without_smoke, "release r1 declares no smoke workflow that could be asked"),
        (_nothing_serves, "nothing is deployed here yet"),
        (_no_environment, "the environment of the serving release cannot be read"),
        (_not_ready, "not ready within 30 s: port is taken"),
        (_own_fail, "the serving release's own migrations fail on an empty database: no such type"),
        (_coming_fail, "the pending migrations fail: no such table"),
    ],
)
def test_why_it_could_not_be_tried_is_said(change: Any, why: str) -> None:  # noqa: ANN401 - one of the above
    one = world(200)
    change(one)
    old = tried(one)
    assert (old.release, old.why, old.before, old.after) == ("", why, (), ())
    assert one.instances.alive == 0


def test_a_release_that_fails_before_any_migration_proves_nothing() -> None:
    one = world(500)
    assert tried(one).why == (
        "the serving release fails here before any migration: page: GET /page: answered 500, declared is 200"
    )
    assert len(steps(one)) == 1, "nothing else was migrated"


def test_a_database_that_could_not_be_asked_is_said() -> None:
    assert tried(world(), DatabaseStand(None, "it does not answer")).why == "it does not answer"


_GONE = '[{"kind": "add_column", "table": "notes", "name": "text", "required": false}]'


def _compared(*answers: Completed) -> OldCode:
    one = world(200)
    one.work.compared = list(answers)
    return tried(one)


def test_its_models_are_compared_with_the_schema_before_and_after() -> None:
    model = _compared(completed(text="[]"), completed(text=_GONE)).model
    assert model == OldModel((Gap("notes", "column notes.text is gone", "42703", certain=True),))
    assert _compared(completed(text=_GONE), completed(text=_GONE)).model == OldModel()
    assert _compared().model is None, "where Alembic is not asked"


@pytest.mark.parametrize(
    ("answer", "why"),
    [(completed(1, "ModuleNotFoundError: shop"), "ModuleNotFoundError: shop"), (completed(text="?"), "")],
)
def test_models_that_cannot_be_imported_are_said(answer: Completed, why: str) -> None:
    old = _compared(completed(text="[]"), answer)
    assert old.model is not None
    assert old.model.why.startswith("the models of the serving release cannot be compared: ")
    assert old.model.why.endswith(why)
    assert old.workflows == 1, "what it asks is judged all the same"


def test_a_release_without_smoke_workflows_has_models_all_the_same() -> None:
    one = world(200)
    _without_smoke(one)
    one.work.compared = [completed(text="[]"), completed(text=_GONE)]
    old = tried(one)
    assert old.model is not None
    assert (len(old.model.gaps), old.why) == (1, "release r1 declares no smoke workflow that could be asked")
