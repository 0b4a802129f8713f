import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from hotelctl.app import migrating
from tests.app.newest_revision import NEWEST


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def migrate_to(url: str, *arguments: str) -> tuple[int, dict[str, Any], str]:
        monkeypatch.setenv("DATABASE_URL", url)
        code = migrating.main(arguments)
        captured = capsys.readouterr()
        (line,) = captured.out.splitlines()
        return code, json.loads(line), captured.err

    return migrate_to


def test_without_a_url_nothing_is_tried(run: Callable[..., Any]) -> None:
    code, line, reason = run("")
    assert (code, line["event"]) == (78, "migration_failed")
    assert reason == "migration failed: environment is not usable: DATABASE_URL: Field required\n"


@pytest.mark.database
def test_upgrades_to_the_newest_and_a_repeat_changes_nothing(
    run: Callable[..., Any], database_url: str
) -> None:
    code, line, reason = run(database_url)
    assert (code, line["event"], line["revision_before"], reason) == (0, "migrated", None, "")
    assert line["revision"] == NEWEST
    code, line, _ = run(database_url)
    assert (code, line["revision_before"], line["revision"]) == (
        0,
        NEWEST,
        NEWEST,
    )


@pytest.mark.database
def test_stops_at_the_revision_that_is_asked_for(run: Callable[..., Any], database_url: str) -> None:
    assert run(database_url, "--revision", "0001_core")[1]["revision"] == "0001_core"


@pytest.mark.database
def test_what_stands_above_a_revision_is_taken_back_and_comes_again(
    run: Callable[..., Any], database_url: str
) -> None:
    run(database_url)
    code, line, reason = run(database_url, "--down", "--revision", "0011_log_ranges")
    assert (code, line["event"], reason) == (0, "migrated", "")
    assert (line["revision_before"], line["revision"]) == (NEWEST, "0011_log_ranges")
    assert _has_column(database_url, "ai_unpriced") is False
    assert run(database_url)[1]["revision"] == NEWEST
    assert _has_column(database_url, "ai_unpriced") is True


def _has_column(url: str, name: str) -> bool:
    asked = "SELECT FROM information_schema.columns WHERE column_name = %s"
    with psycopg.connect(url) as connection:
        return connection.execute(asked, (name,)).fetchone() is not None


@pytest.mark.database
def test_all_of_it_is_taken_back_down_to_the_base(run: Callable[..., Any], database_url: str) -> None:
    run(database_url, "--revision", "0001_core")
    assert run(database_url, "--down", "--revision", "base")[1]["revision"] is None
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT to_regclass('public.hotels')").fetchone() == (None,)


@pytest.mark.parametrize("words", [("--down",), ("--down", "--revision", "head")])
def test_a_way_back_needs_its_end(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        migrating.main(words)
    assert ended.value.code == 2
    assert "--down needs the --revision to go back to" in capsys.readouterr().err


@pytest.mark.database
def test_an_unknown_revision_is_one_line(run: Callable[..., Any], database_url: str) -> None:
    code, _, reason = run(database_url, "--revision", "9999_nope")
    assert code == 1
    assert reason.startswith("migration failed: Can't locate revision")
    assert reason.count("\n") == 1


@pytest.mark.database
def test_a_dead_server_is_one_line_without_the_password(run: Callable[..., Any]) -> None:
    code, _, reason = run("postgresql://x:s3cr3t@127.0.0.1:1/x")
    assert code == 75
    assert reason.count("\n") == 1
    assert "s3cr3t" not in reason


@pytest.mark.database
def test_a_foreign_table_in_the_way_leaves_the_database_as_it_was(
    run: Callable[..., Any], database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE sessions (mine int)")
    code, line, reason = run(database_url)
    assert (code, reason.count("\n")) == (1, 1)
    assert 'relation "sessions" already exists' in line["msg"]
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001_core",)
        connection.execute("DROP TABLE sessions")
    assert run(database_url)[0] == 0


@pytest.mark.database
def test_a_second_migration_waits_for_the_first(
    run: Callable[..., Any], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "_LOCK_WAIT", "100ms")
    with psycopg.connect(database_url) as first:
        first.execute("SELECT pg_advisory_lock(%s)", (migrating._LOCK_KEY,))
        code, line, _ = run(database_url)
    assert (code, "lock timeout" in line["msg"]) == (1, True)
    assert run(database_url)[0] == 0


@pytest.mark.database
def test_a_table_in_use_is_not_waited_for_long(
    run: Callable[..., Any], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "_LOCK_TIMEOUT", "100ms")
    pauses: list[float] = []
    monkeypatch.setattr("hotelctl.app.migrating.time.sleep", pauses.append)
    run(database_url, "--revision", "0001_core")
    with psycopg.connect(database_url) as user:
        user.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        code, line, _ = run(database_url)
    assert (code, "lock timeout" in line["msg"]) == (1, True)
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert run(database_url)[0] == 0


@pytest.mark.database
def test_it_goes_on_as_soon_as_a_table_is_no_longer_in_use(
    run: Callable[..., Any], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "_LOCK_TIMEOUT", "100ms")
    run(database_url, "--revision", "0001_core")
    with psycopg.connect(database_url) as user:
        user.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
        monkeypatch.setattr("hotelctl.app.migrating.time.sleep", lambda _pause_s: user.rollback())
        code, line, _ = run(database_url)
    assert (code, line["revision"]) == (0, NEWEST)


@pytest.mark.database
def test_what_builds_concurrently_waits_for_older_transactions_and_only_that(
    run: Callable[..., Any], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "_LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrating, "_PAUSES_S", ())
    run(database_url, "--revision", "0010_hotel_plan")
    with psycopg.connect(database_url) as writer, psycopg.connect(database_url) as user:
        writer.execute("LOCK TABLE audit_events IN ROW EXCLUSIVE MODE")
        user.execute("LOCK TABLE ai_analytics_summaries IN ACCESS EXCLUSIVE MODE")
        later = threading.Timer(1.0, writer.commit)
        limit = threading.Timer(20.0, user.commit)
        later.start()
        limit.start()
        code, line, _ = run(database_url)
        later.join()
        limit.cancel()
    assert (code, "lock timeout" in line["msg"]) == (1, True)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (
            "0011_log_ranges",
        )


@pytest.mark.database
def test_the_run_time_role_cannot_migrate(
    run: Callable[..., Any], database_url: str, runtime_login: tuple[str, str]
) -> None:
    name, password = runtime_login
    url = make_url(database_url).set(username=name, password=password)
    code, line, _ = run(url.render_as_string(hide_password=False))
    assert (code, "permission denied" in line["msg"]) == (1, True)


def test_the_limits_are_those_that_were_agreed() -> None:
    assert (migrating._LOCK_TIMEOUT, migrating._LOCK_WAIT, migrating._STATEMENT_TIMEOUT) == (
        "3s",
        "30s",
        "10min",
    )


def test_no_configuration_file_is_needed() -> None:
    assert not list(Path(migrating.__file__).parents[2].glob("alembic.ini"))


@pytest.mark.database
def test_models_and_migrations_are_equal_and_a_lost_column_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert migrating.main([]) == 0
    assert migrating.main(["--check"]) == 0
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE hotels DROP COLUMN name")
    capsys.readouterr()
    assert migrating.main(["--check"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "add_column hotels hotels.name"
