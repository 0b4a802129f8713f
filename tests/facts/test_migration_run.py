from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun, WrittenHazard, placed, written
from hotelctl.facts.migration_set import from_sql
from hotelctl.facts.migration_trace import Trace, Traced
from tests.facts.traces import ALONE, BASE, did, trace, with_column, with_file

_FIRST, _SECOND, _THIRD = "1.sql", "2.sql", "3.sql"
_SOURCES = {
    f"m/{_FIRST}": b"",
    f"m/{_SECOND}": b"-- more\nALTER TABLE rooms ADD more int;",
    f"m/{_THIRD}": b"",
}
_KNOWN = from_sql(_SOURCES)
_MORE = with_column(BASE, 3)
_ADD = did("ALTER TABLE rooms ADD more int", _MORE, duration_ms=2.5, **ALONE)
_DROP = did("TRUNCATE rooms", with_file(_MORE, 101), 2, **ALONE)


def _note(name: str) -> Traced:
    return did(f"INSERT INTO schema_migrations (name, sha256) VALUES ('{name}', 'e3b0')", None)  # noqa: S608 - a name of this test


def _written(*traces: Trace, counting: tuple[str, ...]) -> list[tuple[str, HazardKind]]:
    found = written(placed(traces, _KNOWN, _SOURCES), frozenset(counting))
    return [(one.revision, one.hazard.kind) for one in found]


def test_a_hazard_has_its_revision_file_line_and_time() -> None:
    (one,) = written(placed([trace(_ADD, _note(_SECOND))], _KNOWN, _SOURCES), frozenset({_SECOND}))
    assert (one.revision, one.path, one.line, one.sql, one.duration_ms) == (
        _SECOND,
        f"m/{_SECOND}",
        2,
        "ALTER TABLE rooms ADD more int",
        2.5,
    )


def test_a_statement_is_of_the_revision_that_is_noted_after_it() -> None:
    both = trace(_ADD, _note(_SECOND), _DROP, _note(_THIRD))
    cached, lost = HazardKind.CACHED_PLAN, HazardKind.DATA_LOSS
    assert _written(both, counting=(_SECOND, _THIRD)) == [(_SECOND, cached), (_THIRD, lost)]
    assert _written(both, counting=(_THIRD,)) == [(_THIRD, lost)]
    apart = (trace(_ADD, _note(_SECOND)), trace(_DROP, _note(_THIRD), before=_MORE))
    assert _written(*apart, counting=(_SECOND, _THIRD)) == [(_SECOND, cached), (_THIRD, lost)]


def test_what_stopped_before_it_was_noted_is_of_the_next_of_the_chain() -> None:
    stopped = trace(_note(_FIRST), _ADD, _note(_SECOND), _DROP)
    assert _written(stopped, counting=(_THIRD,)) == [(_THIRD, HazardKind.DATA_LOSS)]
    assert _written(trace(_ADD), counting=(_FIRST,)) == [(_FIRST, HazardKind.CACHED_PLAN)]


def test_what_a_database_has_already_is_not_what_stopped() -> None:
    found = written(placed([trace(_ADD)], _KNOWN, _SOURCES, (_FIRST,)), frozenset({_SECOND}))
    assert [one.revision for one in found] == [_SECOND]
    apart = (trace(_ADD, _note(_FIRST)), trace(_DROP, before=_MORE))
    assert _written(*apart, counting=(_SECOND,)) == [(_SECOND, HazardKind.DATA_LOSS)]


def test_what_comes_behind_the_last_note_is_of_the_last() -> None:
    every = [_note(_FIRST), _note(_SECOND), _note(_THIRD)]
    assert _written(trace(*every, _ADD), counting=(_THIRD,)) == [(_THIRD, HazardKind.CACHED_PLAN)]


def test_a_revision_that_no_file_is_known_of_has_no_place() -> None:
    (one,) = written(placed([trace(_ADD, _note("9.sql"))], _KNOWN, _SOURCES), frozenset({"9.sql"}))
    assert (one.path, one.line) == ("", None)


def test_those_of_some_kinds() -> None:
    both = written(placed([trace(_ADD, _DROP, _note(_THIRD))], _KNOWN, _SOURCES), frozenset({_THIRD}))
    run = MigrationRun("empty", "18.4", (_THIRD,), 3, both)
    kinds = [one.hazard.kind for one in run.of(HazardKind.DATA_LOSS, HazardKind.SCAN)]
    assert kinds == [HazardKind.DATA_LOSS]
    assert len(both) == 2
    assert all(isinstance(one, WrittenHazard) for one in both)
