from dataclasses import replace

import pytest

from hotelctl.checks.schema.old_release_runs import old_release_runs as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.implied_statements import Broken, Implied, Tried
from hotelctl.facts.migration_run import MigrationRun
from hotelctl.facts.old_code import OldCode, Spoken
from hotelctl.facts.old_model import Gap, OldModel
from hotelctl.facts.replay import BrokenReplay, Replayed
from tests.checks import made

GONE = Gap("notes", "column notes.text is gone", "42703", certain=True)
TIGHT = Gap("notes", "notes.text takes no NULL any more", "23502")
READ = Spoken("SELECT 1")
LOST = Tried(0, "42703", "no such column")
PROMISED = Broken(Implied("SELECT text FROM public.notes", "SELECT", "public.notes"), Tried(1), LOST)


def judged(*gaps: Gap, run: MigrationRun | None = None, after: tuple[Spoken, ...] = (READ,)) -> list[Finding]:
    old = OldCode("r1", (READ,), after, 1, model=OldModel(gaps))
    return made.judged(check, run or made.migration_run(), old)


def test_a_certain_gap_is_a_finding_and_another_only_tightens() -> None:
    certain, tight = judged(GONE, TIGHT)
    assert certain.message == (
        "the models of the serving release do not fit the coming schema: column notes.text is gone"
    )
    assert certain.severity is Severity.HIGH
    assert tight.message == (
        "tightens what the models of the serving release allow: notes.text takes no NULL any more"
    )
    assert tight.severity is Severity.LOW
    assert judged() == []


def test_what_a_statement_proves_is_told_once() -> None:
    spoken = (Spoken("SELECT text FROM notes", "42703", "no such column"),)
    assert len(judged(GONE, after=spoken)) == 1
    broken = BrokenReplay("SELECT text FROM notes", Tried(1), LOST)
    assert len(judged(GONE, run=replace(made.migration_run(), replayed=Replayed("r1", (), (broken,))))) == 1
    (other,) = [one for one in judged(TIGHT, after=spoken) if one.severity is Severity.LOW]
    assert other.message.startswith("tightens")


def test_what_a_table_promises_weighs_more_where_the_models_have_it() -> None:
    run = replace(made.migration_run(), broken=(PROMISED,))
    (one,) = judged(GONE, run=run)
    assert one.severity is Severity.HIGH
    assert one.message.endswith(": SELECT; its models say so, too: column notes.text is gone")
    (alone,) = judged(run=run)
    assert alone.severity is Severity.LOW


def test_models_that_cannot_be_compared_are_unknown_and_not_fine() -> None:
    old = OldCode("r1", (READ,), (READ,), 1, model=OldModel(why="no module named shop"))
    with pytest.raises(Unavailable, match="no module named shop"):
        made.judged(check, made.migration_run(), old)
