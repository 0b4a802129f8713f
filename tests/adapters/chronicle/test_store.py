"""The shared history in a file and on a real server, which must not differ."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from hotelctl.adapters.chronicle import migrations, revising
from hotelctl.adapters.chronicle.store import Chronicle
from hotelctl.adapters.chronicle.tables import HEAD, SCHEMA, schema_of, tables
from hotelctl.core.chronicle import Approval, Chapter, Deployment
from hotelctl.core.errors import Unavailable
from tests.databases import entered_as

FIRST = Deployment(
    "d1", "deploy", "", "2026-03-01T12:00:00+00:00", 1.5, "", "", {"user": "ana", "host": "desk"}
)
RELEASE = {
    "id": "d1",
    "version": "1.0",
    "commit": "a" * 40,
    "artifact": "x.whl",
    "artifact_sha256": "0" * 64,
    "migration_head": None,
    "env_fingerprints": {"MODE": "4:abcd"},
}
OPEN = Chapter(FIRST, ("{1}", "{2}"), None, "")
DONE = Chapter(
    replace(FIRST, outcome="succeeded"), ("{1}", "{2}", "{3}"), RELEASE, "2026-03-01T12:00:01+00:00"
)
SECOND = Chapter(replace(FIRST, id="d2", operation="rollback", failed_step="switch"), ("{1}",), None, "")
SIGNED = Approval("r1", "sha256:1", "a" * 40, "ana@example.com", "release", "2026-03-01T12:00:00Z", "armour")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/history.db"
    found: str = request.getfixturevalue("database_url")
    return found


@pytest.fixture
def shared(url: str) -> Chronicle:
    return Chronicle(url, "shop", "production")


@pytest.fixture
def connection(shared: Chronicle) -> Iterator[Connection]:
    """Its database, at the newest revision."""
    shared.write((), ())
    with shared._begun() as opened:
        yield opened


def test_what_is_written_is_read_again_oldest_first(shared: Chronicle) -> None:
    assert shared.write((SECOND, DONE), (SIGNED,)) == 2
    assert shared.deployments() == (DONE.deployment, SECOND.deployment)
    assert shared.deployments(without={"d1"}) == (SECOND.deployment,)
    assert shared.lines("d1") == DONE.lines
    assert shared.lines("d7") == ()


def test_only_what_is_new_is_written_and_what_went_on_takes_its_place(shared: Chronicle) -> None:
    assert shared.write((OPEN,), ()) == 1
    assert shared.write((OPEN,), ()) == 0
    assert shared.write((DONE, SECOND), (SIGNED,)) == 2
    assert shared.write((DONE, SECOND), (SIGNED,)) == 0
    assert [one.outcome for one in shared.deployments()] == ["succeeded", ""]
    assert shared.lines("d1") == DONE.lines


def test_releases_and_approvals_are_rows_of_their_own(shared: Chronicle, connection: Connection) -> None:
    every = tables(connection)
    connection.commit()
    shared.write((DONE,), (SIGNED, replace(SIGNED, name="ben@example.com")))
    with shared._begun() as again:
        release = again.execute(every.releases.select()).mappings().one()
        assert (release["id"], release["commit"], release["migration_head"]) == ("d1", "a" * 40, None)
        assert release["env_fingerprints"] == '{"MODE": "4:abcd"}'
        names = again.execute(every.approvals.select().order_by(every.approvals.c.name)).mappings().all()
        assert [row["name"] for row in names] == ["ana@example.com", "ben@example.com"]


def test_services_and_environments_do_not_read_one_another(shared: Chronicle, url: str) -> None:
    shared.write((DONE,), ())
    for other in (Chronicle(url, "shop", "staging"), Chronicle(url, "other", "production")):
        assert other.deployments() == ()
        assert other.write((DONE,), ()) == 1
        assert other.lines("d1") == DONE.lines


def test_looking_makes_nothing(shared: Chronicle, url: str) -> None:
    assert shared.deployments() == ()
    assert shared.lines("d1") == ()
    if url.startswith("sqlite"):
        assert not Path(url.removeprefix("sqlite:///")).exists()
        return
    with psycopg.connect(url) as opened:
        assert opened.execute("SELECT to_regnamespace('hotelctl')").fetchone() == (None,)


def test_revisions_make_the_tables_that_are_written_and_take_them_away_again(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert revising.revision(connection) == HEAD
    mine = tables(connection).deployments.metadata
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": True,
            "version_table_schema": schema_of(connection),
            "include_name": lambda name, kind, _: kind != "schema" or name == schema_of(connection),
        },
    )
    assert compare_metadata(context, mine) == []
    monkeypatch.setattr(command, "upgrade", lambda config, _head: command.downgrade(config, "base"))
    revising._bring(connection, "upgrade")
    assert set(inspect(connection).get_table_names(schema=schema_of(connection))) <= {"alembic_version"}


def test_the_newest_revision_is_the_one_that_is_shipped() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_newer_hotelctl_s_history_is_left_alone(shared: Chronicle, connection: Connection) -> None:
    place = "alembic_version" if schema_of(connection) is None else f"{SCHEMA}.alembic_version"
    connection.execute(text(f"UPDATE {place} SET version_num = '9999'"))  # noqa: S608 - constants
    connection.commit()
    for ask in (shared.deployments, lambda: shared.write((DONE,), ())):
        with pytest.raises(Unavailable, match=f"is at revision 9999, this hotelctl knows {HEAD}"):
            ask()


@pytest.mark.system
def test_several_may_begin_it_at_once(url: str) -> None:
    program = (
        "import sys; from hotelctl.adapters.chronicle.store import Chronicle; sys.stdin.readline(); "
        "Chronicle(sys.argv[1], 'shop', sys.argv[2]).write((), ())"
    )
    began = [
        subprocess.Popen(
            [sys.executable, "-c", program, url, f"env{number}"], stdin=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    for one in began:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in began:
        one.communicate(timeout=120)
    assert [one.returncode for one in began] == [0, 0, 0, 0]
    assert Chronicle(url, "shop", "env1").write((DONE,), ()) == 1


@pytest.mark.parametrize("data", [b"no database at all, but long enough to be looked at" * 50, None])
def test_a_broken_file_is_put_aside_and_made_anew(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "history.db"
    shared = Chronicle(f"sqlite:///{path}", "shop", "production")
    shared.write((DONE,), ())
    whole = path.read_bytes()
    path.write_bytes(data if data is not None else whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(Unavailable, match="cannot be had"):
        shared.deployments()
    told: list[str] = []
    assert shared.write((DONE, SECOND), (), told.append) == 2
    (line,) = told
    assert "it is kept as history.db.damaged, and it was made anew from the journals here" in line
    assert [one.id for one in shared.deployments()] == ["d1", "d2"]
    assert (tmp_path / "history.db.damaged").exists()


@pytest.mark.parametrize(
    "spoil",
    [
        "DELETE FROM {records}",
        "DELETE FROM {deployments}",
        "UPDATE {deployments} SET header = '{{'",
        "UPDATE {deployments} SET header = '7'",
    ],
)
def test_what_somebody_took_away_or_spoilt_is_written_again(shared: Chronicle, spoil: str) -> None:
    shared.write((DONE,), ())
    with shared._begun() as opened:
        every = tables(opened)
        opened.execute(text(spoil.format(records=every.records, deployments=every.deployments)))
    if "header" in spoil:
        with pytest.raises(Unavailable, match="the row of d1 is damaged"):
            shared.deployments()
    assert shared.write((DONE,), ()) == 1
    assert shared.write((DONE,), ()) == 0
    assert (shared.deployments(), shared.lines("d1")) == ((DONE.deployment,), DONE.lines)


@pytest.mark.parametrize(
    ("dropped", "words"),
    [
        (["records"], "its table records"),
        (["deployments"], "its table deployments"),
        (["releases"], "its table releases"),
        (["records", "alembic_version"], "its table records"),
        (
            ["approvals", "deployments", "records", "releases"],
            "its tables approvals, deployments, records, releases",
        ),
    ],
)
def test_tables_that_were_dropped_are_told_and_made_anew(
    shared: Chronicle, dropped: list[str], words: str
) -> None:
    shared.write((DONE,), (SIGNED,))
    Chronicle(shared._url, "other", "production").write((SECOND,), ())
    with shared._begun() as opened:
        for name in dropped:
            place = f"{SCHEMA}.{name}" if schema_of(opened) else name
            opened.execute(text(f"DROP TABLE {place}"))
    if "alembic_version" not in dropped:
        with pytest.raises(
            Unavailable, match=rf"{words}: the next operation of each machine writes it again"
        ):
            shared.deployments()
    told: list[str] = []
    assert shared.write((DONE,), (SIGNED,), told.append) == 1
    (line,) = told
    assert f"had lost {words}; it was made anew from the journals here" in line
    assert shared.write((DONE,), (SIGNED,), told.append) == 0
    assert len(told) == 1
    assert (shared.deployments(), shared.lines("d1")) == ((DONE.deployment,), DONE.lines)
    with shared._begun() as opened:
        every = tables(opened)
        assert (
            opened.execute(every.releases.select().filter_by(service="shop")).mappings().one()["id"] == "d1"
        )
        assert opened.execute(every.approvals.select()).mappings().one()["report"] == "r1"


def test_a_file_that_nobody_may_look_for_cannot_be_had(tmp_path: Path) -> None:
    shared = Chronicle(f"sqlite:///{tmp_path}/{'x' * 300}/history.db", "shop", "production")
    for ask in (shared.deployments, lambda: shared.lines("d1")):
        with pytest.raises(Unavailable, match="cannot be had: File name too long"):
            ask()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all/x.db",
        pytest.param("postgresql://ana:secret-word@127.0.0.1:1/x", marks=pytest.mark.system),
    ],
)
def test_what_cannot_be_had_is_told_in_one_line_without_a_password(url: str) -> None:
    shared = Chronicle(url, "shop", "production")
    with pytest.raises(Unavailable) as refused:
        shared.write((DONE,), ())
    assert "\n" not in str(refused.value)
    assert "secret-word" not in str(refused.value) + shared.place


@pytest.mark.database
def test_a_role_that_may_make_no_schema_uses_one_that_was_made_for_it(database_url: str) -> None:
    with psycopg.connect(database_url) as opened:
        opened.execute("CREATE ROLE keeper_of_history LOGIN PASSWORD 'keeper'")
    try:
        keeper = Chronicle(entered_as("keeper_of_history", "keeper", database_url), "shop", "production")
        with pytest.raises(Unavailable, match="permission denied"):
            keeper.write((DONE,), ())
        with psycopg.connect(database_url) as opened:
            opened.execute("CREATE SCHEMA hotelctl AUTHORIZATION keeper_of_history")
        assert keeper.write((DONE,), ()) == 1
    finally:
        with psycopg.connect(database_url) as opened:
            opened.execute("DROP OWNED BY keeper_of_history CASCADE; DROP ROLE keeper_of_history")


@pytest.mark.system
def test_alembic_is_read_only_where_something_is_revised(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/history.db"
    Chronicle(url, "shop", "production").write((DONE,), ())
    program = (
        "import sys; from hotelctl.adapters.chronicle.store import Chronicle; "
        f"found = Chronicle({url!r}, 'shop', 'production'); "
        "print(len(found.deployments()), found.write((), ()), 'alembic' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert told.stdout.split() == ["1", "0", "False"]
