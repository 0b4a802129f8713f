from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hotelctl.core.finding import Location
from hotelctl.core.report import LockBar, LockTimeline
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.lock_timeline import lock_timeline
from hotelctl.facts.migration_run import MigrationRun, WrittenStatement

PATH = "migrations/3.sql"
WRITES, ALL = (LockMode.SHARE, LockMode.ACCESS_EXCLUSIVE)
Held = dict[str, LockMode]


def ran(took_ms: float, held: Held | None = None, transaction: int = 1, **more: Any) -> WrittenStatement:  # noqa: ANN401 - any field
    """A statement on line 7, unless `more` says otherwise."""
    fields: dict[str, Any] = {"path": PATH, "line": 7, "locks": tuple((held or {}).items())} | more
    return WrittenStatement("SELECT 1", "3.sql", transaction, took_ms, **fields)


def found(*watched: WrittenStatement, stopped: str = "") -> LockTimeline | None:
    return lock_timeline(
        MigrationRun("nothing", "18", ("3.sql",), len(watched), (), stopped, watched=watched), ("ev-0001",)
    )


def bars(*watched: WrittenStatement) -> list[tuple[str, str, float, float, int, int]]:
    """Table, who waits, from when to when, first and last statement of each."""
    timeline = found(*watched)
    assert timeline is not None
    return [(b.table, b.waits, b.start_ms, b.end_ms, b.statement, b.last) for b in timeline.bars]


def test_a_lock_is_held_from_the_statement_that_took_it_to_the_end_of_its_transaction() -> None:
    timeline = found(ran(1), ran(2, {"a": WRITES}, line=9), ran(4, {"a": WRITES}), ran(8, transaction=2))
    assert timeline is not None
    assert timeline.bars == (LockBar("a", "writes", "SHARE", 1, 7, 2, 3, Location(PATH, 9)),)
    assert timeline.total_ms == 15
    assert [(one.transaction, one.start_ms, one.end_ms) for one in timeline.statements] == [
        (1, 0, 1),
        (1, 1, 3),
        (1, 3, 7),
        (2, 7, 15),
    ]
    assert timeline.evidence == ("ev-0001",)


def test_a_stronger_lock_begins_a_new_bar_where_the_old_one_ends() -> None:
    assert bars(ran(1, {"a": WRITES}), ran(2, {"a": ALL}), ran(4, {"a": ALL})) == [
        ("a", "writes", 0, 1, 1, 1),
        ("a", "reads and writes", 1, 7, 2, 3),
    ]


def test_a_stronger_lock_that_keeps_nobody_else_waiting_begins_none() -> None:
    assert bars(ran(1, {"a": WRITES}), ran(2, {"a": LockMode.EXCLUSIVE})) == [("a", "writes", 0, 3, 1, 2)]


def test_statements_that_are_alone_end_with_themselves() -> None:
    assert bars(ran(1, {"a": ALL}, 4), ran(2, {"a": ALL}, 9)) == [
        ("a", "reads and writes", 0, 1, 1, 1),
        ("a", "reads and writes", 1, 3, 2, 2),
    ]


def test_bars_of_several_tables_overlap() -> None:
    assert bars(ran(1, {"b": ALL}), ran(2, {"b": ALL, "a": WRITES})) == [
        ("b", "reads and writes", 0, 3, 1, 2),
        ("a", "writes", 1, 3, 2, 2),
    ]


def test_what_goes_back_to_a_savepoint_lets_go() -> None:
    assert bars(ran(1, {"a": ALL}), ran(2), ran(4)) == [("a", "reads and writes", 0, 1, 1, 1)]


def test_a_statement_that_failed_takes_no_lock_away() -> None:
    assert bars(ran(1, {"a": ALL}), ran(2, error="42P01")) == [("a", "reads and writes", 0, 3, 1, 2)]


def test_a_transaction_goes_on_while_another_session_works() -> None:
    assert bars(ran(1, {"a": ALL}), ran(2, transaction=2), ran(4, {"a": ALL})) == [
        ("a", "reads and writes", 0, 7, 1, 3)
    ]


def test_what_no_migration_says_is_left_out_unless_somebody_waits_meanwhile() -> None:
    setting = ran(100, line=None)
    timeline = found(setting, ran(1, {"a": ALL}, line=None), setting, ran(2, transaction=2))
    assert timeline is not None
    assert (timeline.total_ms, len(timeline.statements)) == (3, 2)


def test_there_is_no_picture_where_nobody_waits_or_of_the_ledger_alone() -> None:
    assert found() is None
    assert found(ran(1), ran(2, {"a": LockMode.ROW_EXCLUSIVE})) is None
    assert found(ran(1, {"public.alembic_version": ALL})) is None


def test_why_the_run_stopped_is_told() -> None:
    timeline = found(ran(1, {"a": ALL}), stopped="relation b does not exist")
    assert timeline is not None
    assert timeline.stopped == "relation b does not exist"


@given(
    st.lists(
        st.builds(
            ran,
            st.floats(0, 1000),
            st.dictionaries(st.sampled_from("abc"), st.sampled_from(LockMode)),
            st.integers(1, 3),
        ),
        max_size=12,
    )
)
def test_at_no_time_a_table_has_two_bars_and_none_leaves_the_axis(watched: list[WrittenStatement]) -> None:
    timeline = found(*watched)
    if timeline is None:
        return
    for bar in timeline.bars:
        assert 0 <= bar.start_ms <= bar.end_ms <= timeline.total_ms
        assert 1 <= bar.statement <= bar.last <= len(timeline.statements)
        took = timeline.statements[bar.statement - 1]
        same = [b for b in timeline.bars if b.table == bar.table and b is not bar]
        within = [b for b in same if timeline.statements[b.statement - 1].transaction == took.transaction]
        assert all(b.last < bar.statement or b.statement > bar.last for b in within)
