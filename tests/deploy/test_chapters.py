"""An operation in the shared history is the one of its journal."""

from pathlib import Path

from hotelctl.adapters.chained import ChainedFile
from hotelctl.adapters.files import LocalFiles
from hotelctl.core.chronicle import Deployment
from hotelctl.deploy.chapters import chapters, deployment, past_of, ways_back
from hotelctl.deploy.history import Damaged, Past, past_operations
from hotelctl.deploy.journal import Journal, Kind
from hotelctl.deploy.layout import Layout
from tests.fakes.clock import FakeClock
from tests.fakes.evidence import FakeEvidence

RELEASE = {"id": "d1", "version": "1.0", "commit": "a" * 40}


def told(place: Path) -> tuple[Layout, LocalFiles, Past]:
    """A deploy that built and failed."""
    layout, clock, files = Layout(place), FakeClock(), LocalFiles(FakeEvidence(), place)
    journal = Journal(ChainedFile(layout.journal("d1")), clock, fence=1)
    journal.append("", Kind.NOTE, {"operation": "deploy", "id": "d1", "user": "ana", "host": "desk"})
    clock.advance(2)
    journal.append("build", Kind.INTENT)
    journal.append("build", Kind.DONE, {"release": RELEASE})
    journal.append("stage", Kind.FAIL, {"message": "no port", "hint": ""})
    clock.advance(1)
    journal.append("", Kind.OUTCOME, {"outcome": "stopped"})
    return layout, files, past_operations(layout, files)[0]


def test_one_row_tells_how_it_ended(tmp_path: Path) -> None:
    row = deployment(told(tmp_path)[2])
    assert (row.id, row.operation, row.outcome, row.seconds) == ("d1", "deploy", "stopped", 3.0)
    assert (row.failed_step, row.failure, row.header["host"]) == ("stage", "no port", "desk")


def test_its_journal_goes_with_it_line_by_line_and_is_read_again(tmp_path: Path) -> None:
    layout, files, past = told(tmp_path)
    (chapter,) = chapters((past,), layout, files)
    assert (chapter.release, chapter.built_at) == (RELEASE, past.records[2].ts_utc)
    assert "".join(f"{line}\n" for line in chapter.lines).encode() == files.read(layout.journal("d1"))
    assert past_of("d1", chapter.lines) == past
    changed = (*chapter.lines[:2], chapter.lines[2].replace("1.0", "2.0"), *chapter.lines[3:])
    assert isinstance(past_of("d1", changed), Damaged)


def test_what_is_open_and_built_nothing_says_so(tmp_path: Path) -> None:
    layout, files, _ = told(tmp_path)
    Journal(ChainedFile(layout.journal("d2")), FakeClock(), fence=2).append(
        "", Kind.NOTE, {"operation": "rollback", "id": "d2"}
    )
    past = past_operations(layout, files)[1]
    (chapter,) = chapters((past,), layout, files)
    assert (chapter.release, chapter.built_at, chapter.deployment.outcome) == (None, "", "")


def _of(name: str, host: str, outcome: str = "succeeded", operation: str = "deploy") -> Deployment:
    return Deployment(name, operation, outcome, "", 0.0, "", "", {"host": host})


def test_each_machine_may_need_its_newest_good_deploys_and_what_is_open() -> None:
    told = [
        *(_of(f"d{n}", "desk") for n in (1, 2, 3)),
        _of("d4", "desk", "stopped"),
        _of("l1", "laptop"),
        _of("l2", "laptop", ""),
        _of("l3", "laptop", "", "rollback"),
    ]
    assert ways_back(reversed(told), 2) == {"d2", "d3", "l1", "l2"}
    assert ways_back((), 2) == frozenset()


def test_half_a_line_that_is_written_at_this_moment_is_left_out(tmp_path: Path) -> None:
    layout, files, past = told(tmp_path)
    with layout.journal("d1").open("ab") as file:
        file.write(b'{"torn')
    (chapter,) = chapters((past,), layout, files)
    assert len(chapter.lines) == len(past.records)
