import dataclasses

import pytest

from hotelctl.checks.schema.old_release_runs import old_release_runs as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, QueryResult, Severity
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.implied_statements import Broken, Implied, Tried
from hotelctl.facts.old_code import OldCode, Spoken
from hotelctl.facts.replay import BrokenReplay, Replayed
from hotelctl.facts.smoke_run import WorkflowResult
from tests.checks import made

READS = Spoken("SELECT id, text\nFROM notes")
GONE = dataclasses.replace(READS, sqlstate="42703", message='column "text" does not exist')
LIVES = OldCode("r1", (READS,), (READS,), 1)
NOT_ASKED = OldCode("", why="nothing is deployed here yet")
SELECT = Implied('SELECT "text" FROM public.notes', "SELECT", "public.notes")
INSERT = Implied('INSERT INTO public.notes ("text") VALUES (1)', "INSERT", "public.notes")


def broken(statement: Implied = SELECT, sqlstate: str = "42703", rows: int = 0) -> Broken:
    """It answered with a row and does not any longer."""
    return Broken(statement, Tried(1), Tried(rows, sqlstate, "no such column" if sqlstate else ""))


def judged(old: OldCode, *found: Broken) -> list[Finding]:
    """What is found of both; the serving release was tried."""
    return made.judged(check, dataclasses.replace(made.migration_run(), broken=found), old)


def implied(old: OldCode, *found: Broken) -> list[Finding]:
    """What is found first, however it goes on."""
    run = dataclasses.replace(made.migration_run(), broken=found)
    judge = iter(check.judge(run, old))
    return [next(judge) for _ in range(len({(one.statement.relation, one.after.sqlstate) for one in found}))]


def test_a_release_to_which_nothing_is_refused_is_fine() -> None:
    assert judged(LIVES) == []
    assert check.info.severity is Severity.CRITICAL


def test_a_statement_that_is_refused_is_proven_with_its_code_and_words() -> None:
    (one,) = judged(OldCode("r1", (READS,), (GONE,), 1))
    assert one.subject == "42703 SELECT id, text FROM notes"
    assert one.message == (
        'release r1 is refused: column "text" does not exist (42703): SELECT id, text FROM notes'
    )
    assert one.severity is None, "as the check has it"
    (evidence,) = one.evidence
    assert isinstance(evidence, QueryResult)
    assert evidence.excerpt == '42703 column "text" does not exist'


def test_a_workflow_that_fails_afterwards_is_proven_too() -> None:
    failed = WorkflowResult("a note lives", 2, 0.1, "GET /notes: answered 500", ())
    (one,) = judged(OldCode("r1", (READS,), (READS,), 1, (failed,)))
    assert one.subject == "workflow a note lives"
    assert one.message.endswith("fails its own workflow a note lives afterwards: GET /notes: answered 500")
    assert one.severity is None


def test_what_a_table_promises_is_one_finding_for_those_that_end_alike() -> None:
    other = dataclasses.replace(SELECT, relation="public.rooms")
    found = implied(NOT_ASKED, broken(), broken(INSERT), broken(other), broken(INSERT, "23502"))
    assert [one.subject for one in found] == [
        "public.notes 42703",
        "public.rooms 42703",
        "public.notes 23502",
    ]
    assert found[0].message == (
        "what public.notes promises ends otherwise: no such column (42703): SELECT, INSERT"
    )
    assert len(found[0].evidence) == 2


def test_another_number_of_rows_is_told_as_such() -> None:
    (one,) = implied(NOT_ASKED, broken(sqlstate=""))
    assert (one.subject, one.message) == (
        "public.notes rows",
        "what public.notes promises ends otherwise: 0 rows instead of 1: SELECT",
    )


_OTHER = OldCode("r1", (Spoken("SELECT 1"),), (Spoken("SELECT 1"),), 1)


@pytest.mark.parametrize(
    ("old", "sqlstate", "severity"),
    [
        # Nobody knows what the release asks.
        (NOT_ASKED, "42703", Severity.HIGH),
        (NOT_ASKED, "23514", Severity.MEDIUM),
        # It names the table, and was not refused.
        (LIVES, "42703", Severity.MEDIUM),
        (LIVES, "23514", Severity.MEDIUM),
        # It never names the table.
        (_OTHER, "42703", Severity.LOW),
        (_OTHER, "23514", Severity.LOW),
    ],
)
def test_it_weighs_what_the_release_is_known_to_ask(old: OldCode, sqlstate: str, severity: Severity) -> None:
    (one,) = implied(old, broken(sqlstate=sqlstate))
    assert one.severity is severity


def test_a_quoted_name_is_found_in_what_was_said() -> None:
    odd = dataclasses.replace(SELECT, relation='public."Notes"')
    said = Spoken('SELECT * FROM "Notes"')
    (one,) = implied(OldCode("r1", (said,), (said,), 1), broken(odd))
    assert one.severity is Severity.MEDIUM


def test_a_release_that_could_not_be_tried_is_unknown_after_what_was_found() -> None:
    run = dataclasses.replace(made.migration_run(), broken=(broken(),))
    found = iter(check.judge(run, OldCode("", why="it declares no smoke workflow")))
    assert next(found).subject == "public.notes 42703"
    with pytest.raises(Unavailable, match="could not be tried: it declares no smoke workflow"):
        next(found)


def test_what_looks_like_a_secret_is_hidden_and_a_long_statement_cut() -> None:
    said = Spoken("SELECT " + "x, " * 900, "08006", "postgresql://ana:wrong-horse@db/x")
    (one,) = judged(OldCode("r1", (), (said,), 1))
    assert "wrong-horse" not in repr(one.evidence)
    assert len(one.subject) < 200


_LOST = Tried(0, "42703", "no such column")


def _replayed(*found: tuple[str, Tried], why: str = "", old: OldCode = LIVES) -> list[Finding]:
    broken_ones = tuple(BrokenReplay(said, Tried(1), after) for said, after in found)
    asked = tuple(said for said, _ in found)
    run = dataclasses.replace(made.migration_run(), replayed=Replayed("r1", asked, broken_ones, why))
    return made.judged(check, run, old)


def test_what_its_tests_ask_and_is_refused_is_named_once_for_each_reason() -> None:
    one, other = _replayed(
        ("SELECT text FROM notes WHERE id = $1", _LOST),
        ("UPDATE notes SET text = $1", _LOST),
        ("DELETE FROM rooms", Tried(0, "42501", "permission denied")),
    )
    assert one.message == (
        "what the tests of release r1 ask ends otherwise: no such column (42703): "
        "SELECT text FROM notes WHERE id = $1 and 1 more"
    )
    assert (one.severity, len(one.evidence), other.severity) == (None, 2, None)


@pytest.mark.parametrize("sqlstate", ["23505", "23514", "22001", "P0001", ""])
def test_what_only_values_are_refused_by_weighs_less(sqlstate: str) -> None:
    (one,) = _replayed(("INSERT INTO notes VALUES ($1)", Tried(0, sqlstate, "no")))
    assert one.severity is Severity.MEDIUM
    assert ("no row any more" in one.message) is (not sqlstate)


def test_what_the_owner_asked_in_tests_may_be_asked_by_nobody_else() -> None:
    known = Replayed("r1", (), (BrokenReplay("DELETE FROM rooms", Tried(1), _LOST),), of_owner=True)
    run = dataclasses.replace(made.migration_run(), replayed=known)
    (one,) = made.judged(check, run, LIVES)
    assert one.severity is Severity.MEDIUM


def test_what_the_server_counted_live_is_told_as_that() -> None:
    known = Replayed(
        "r1", (), (BrokenReplay("DELETE FROM rooms", Tried(1), _LOST, live=True),), of_owner=True
    )
    run = dataclasses.replace(made.migration_run(), replayed=known)
    (one,) = made.judged(check, run, LIVES)
    assert one.message == (
        "what the service asks live ends otherwise: no such column (42703): DELETE FROM rooms"
    )
    assert one.severity is None


def test_what_is_asked_live_counts_whatever_the_tests_asked_that_ends_alike() -> None:
    both = (
        BrokenReplay("SELECT text FROM rooms", Tried(1), _LOST),
        BrokenReplay("DELETE FROM rooms", Tried(1), _LOST, live=True),
    )
    run = dataclasses.replace(made.migration_run(), replayed=Replayed("r1", (), both, of_owner=True))
    (one,) = made.judged(check, run, LIVES)
    assert one.message.startswith("what the service asks live ends otherwise")
    assert one.message.endswith(": DELETE FROM rooms and 1 more")
    assert one.severity is None


def test_what_the_release_itself_was_refused_is_not_told_twice() -> None:
    old = OldCode("r1", (READS,), (Spoken("SELECT text FROM notes", "42703", "no such column"),), 1)
    assert len(_replayed(("SELECT text FROM notes", _LOST), old=old)) == 1
    assert len(_replayed(("SELECT text FROM notes", Tried(0, "42P01", "no table")), old=old)) == 2


def test_what_its_tests_ask_counts_as_known() -> None:
    known = Replayed("r1", ("SELECT 1 FROM notes",))
    run = dataclasses.replace(made.migration_run(), broken=(broken(),), replayed=known)
    (one,) = made.judged(check, run, _OTHER)
    assert one.severity is Severity.MEDIUM


def test_statements_that_cannot_be_read_are_unknown_and_not_fine() -> None:
    with pytest.raises(Unavailable, match="it is damaged"):
        _replayed(why="it is damaged")


def test_what_live_rows_may_let_run_may_break_it() -> None:
    run = made.migration_run(made.hazard(HazardKind.UNTAKEN))
    with pytest.raises(Unavailable, match="what may run on the live database did not run here"):
        made.judged(check, run, LIVES)
