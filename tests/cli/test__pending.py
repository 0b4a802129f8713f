"""What a plan says of migrations, for journals that a test wrote; no database runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.chained import ChainedFile
from hotelctl.cli._pending import Pending, _waiting, pending
from hotelctl.cli._wiring import Asked, configure, wired
from hotelctl.core.errors import Unavailable
from hotelctl.deploy.journal import Journal, Kind
from hotelctl.facts.migration_set import MigrationSet, Revision, from_sql
from tests.fakes.clock import FakeClock
from tests.services.checkout import add_migration, plain_checkout

FIRST, SECOND, THIRD = "0001_notes.sql", "0002_notes_by_time.sql", "0003_more.sql"
Said = tuple[str, Kind, Mapping[str, Any]]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = plain_checkout(tmp_path)
    monkeypatch.chdir(place)
    monkeypatch.delenv("NOTES_DATABASE_URL", raising=False)
    return place


def happened(checkout: Path, name: str, *said: Said) -> None:
    """A past operation."""
    path = checkout / ".hotelctl/local/deploys" / name / "journal.jsonl"
    journal = Journal(ChainedFile(path), FakeClock(), fence=1)
    journal.append("", Kind.NOTE, {"operation": "deploy", "commit": "c0ffee" * 6})
    for record in said:
        journal.append(*record)


def migrated(to: str) -> Said:
    return ("migrate", Kind.EFFECT, {"from": None, "to": to})


def asked() -> Pending:
    with wired(configure(Asked(None, "local")), None, {}, start_database=False) as wiring:
        return pending(wiring)


@pytest.mark.usefixtures("checkout")
def test_before_the_first_deploy_all_migrations_are_pending_and_none_is_proven() -> None:
    found = asked()
    assert (found.revision, found.proven) == (None, None)
    assert found.files == (f"migrations/{FIRST}", f"migrations/{SECOND}")
    assert found.words == (
        f"pending: migrations/{FIRST}",
        f"pending: migrations/{SECOND}",
        "never proven yet: step 6 finds its class",
    )


def test_while_the_database_does_not_run_its_journals_tell_its_revision(checkout: Path) -> None:
    happened(checkout, "d1", migrated(SECOND))
    found = asked()
    assert (found.revision, found.files) == (SECOND, ())
    assert found.words == ("no migration is pending: the schema does not change",)


def test_the_class_of_the_newest_proof_of_the_same_change_is_told(checkout: Path) -> None:
    add_migration(checkout, THIRD, "SELECT 1;\n")
    happened(
        checkout, "d1", migrated(SECOND), ("prove", Kind.DONE, {"class": "A", "from": FIRST, "to": THIRD})
    )
    assert asked().proven is None
    happened(checkout, "d2", ("prove", Kind.DONE, {"class": "B", "from": SECOND, "to": THIRD}))
    found = asked()
    assert found.files == (f"migrations/{THIRD}",)
    assert found.proven == "last proven as class B in d2, commit c0ffeec0ffee"
    assert found.proven in found.words


def test_a_change_that_was_refused_is_told_as_refused(checkout: Path) -> None:
    add_migration(checkout, THIRD, "SELECT 1;\n")
    built: Said = ("build", Kind.DONE, {"release": {"migration_head": THIRD}})
    refused: Said = ("prove", Kind.FAIL, {"message": "class C: the old release does not run"})
    happened(checkout, "d1", migrated(SECOND), built, refused)
    assert asked().proven == (
        "last refused in d1, commit c0ffeec0ffee: class C: the old release does not run"
    )


def test_what_cannot_be_told_is_not_none(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    happened(checkout, "d1", migrated("0009_from_elsewhere.sql"))
    found = asked()
    assert found.files is None
    assert "the database is at 0009_from_elsewhere.sql, which the checkout does not hold" in found.words[0]
    monkeypatch.setenv("NOTES_DATABASE_URL", "no url")
    assert asked().files is None
    assert str(asked().revision).startswith("unknown: ")


def test_a_service_without_migrations_has_none_pending(checkout: Path) -> None:
    file = checkout / "hotelctl.toml"
    file.write_text(file.read_text().replace('[migrations]\nkind = "sql"\ndirectory = "migrations"\n', ""))
    assert asked().files == ()
    assert asked().words == ("the service file names no migrations",)


def test_waiting_revisions_stand_after_what_they_stand_on() -> None:
    def revision(name: str, *down: str) -> Revision:
        return Revision(name, down, f"versions/{name}.py", "")

    merged = revision("a-merge", "left", "right")
    tree = MigrationSet("alembic", (merged, revision("left", "z"), revision("right", "z"), revision("z")))
    assert [one.id for one in _waiting(tree, ())] == ["z", "left", "right", "a-merge"]
    assert [one.id for one in _waiting(tree, ("left",))] == ["right", "a-merge"]
    assert _waiting(tree, ("a-merge",)) == ()
    files = from_sql({"m/1.sql": b"", "m/2.sql": b"", "m/3.sql": b""})
    assert [one.id for one in _waiting(files, ("1.sql", "3.sql"))] == ["2.sql"]
    assert _waiting(files, ("3.sql",), named=False) == ()
    with pytest.raises(Unavailable, match="does not hold"):
        _waiting(from_sql({}), ("x",))
