from dataclasses import replace

from hotelctl.checks.schema.no_applied_migration_was_edited import no_applied_migration_was_edited
from hotelctl.core.finding import Severity
from hotelctl.facts.applied_migrations import Applied, AppliedMigrations
from hotelctl.facts.migration_set import MigrationSet, Revision
from tests.checks import made

_SET = MigrationSet(
    "alembic", (Revision("a", (), "m/a.py", "1" * 64), Revision("b", ("a",), "m/b.py", "2" * 64))
)
_A = Applied("a", "m/a.py", "1" * 64, (), "d1", "c" * 40, "2026-03-01T12:00:00+00:00")
_B = Applied("b", "m/b.py", "2" * 64, ("a",), "d2", "d" * 40, "2026-03-02T12:00:00+00:00")


def _applied(*noted: Applied, unknown: tuple[str, ...] = ()) -> AppliedMigrations:
    return AppliedMigrations("live", ".hotelctl/local/applied.json", noted, unknown)


def test_files_as_they_were_applied_are_fine() -> None:
    assert not made.judged(no_applied_migration_was_edited, _SET, _applied(_A, _B))


def test_an_edit_is_named_with_file_digests_deploy_and_the_commit_to_go_back_to() -> None:
    (found,) = made.judged(no_applied_migration_was_edited, _SET, _applied(replace(_A, sha256="9" * 64), _B))
    assert found.message == (
        "m/a.py: was edited after it had been applied to live by deploy d1 (2026-03-01 12:00): "
        "applied 999999999999, now 111111111111"
    )
    assert (found.subject, str(found.location), found.severity) == ("a", "m/a.py", None)
    assert "git checkout cccccccccccc -- m/a.py\n" in found.fix
    assert "new migration" in found.fix
    assert "999999999999, now 111111111111" in repr(found.evidence)


def test_what_a_deploy_only_found_applied_is_told_so() -> None:
    (found,) = made.judged(
        no_applied_migration_was_edited, _SET, _applied(replace(_A, sha256="9" * 64, seen=True))
    )
    assert "applied to live, as deploy d1 (2026-03-01 12:00) found it: applied 9" in found.message


def test_a_file_that_is_gone_is_a_finding_without_a_place() -> None:
    gone = Applied("0001.sql", "m/0001.sql", "7" * 64, at="2026-03-01 12:00:09.123+00")
    (found,) = made.judged(no_applied_migration_was_edited, _SET, _applied(gone))
    assert found.message == (
        "m/0001.sql: is gone after it had been applied to live (2026-03-01 12:00): "
        "applied 777777777777, now no file"
    )
    assert found.location is None
    assert found.fix.startswith("git log -- m/0001.sql\ngit checkout COMMIT -- m/0001.sql")


def test_revisions_without_a_digest_are_counted_and_hold_nothing_back() -> None:
    applied = _applied(replace(_B, sha256="9" * 64), unknown=("a", "x", "y", "z"))
    edited, counted = made.judged(no_applied_migration_was_edited, _SET, applied)
    assert (edited.subject, edited.severity) == ("b", None)
    assert counted.message == (
        "4 of 5 applied revisions of live were not compared: .hotelctl/local/applied.json has no digest of "
        "a, x, y, ..."
    )
    assert counted.severity is Severity.INFO
