"""Looking at an environment through its files: what happened, and who holds the lock."""

import json
from collections.abc import Iterator

import pytest

from hotelctl.cli._locking import lock_of
from hotelctl.cli._looking import history, lock_released, lock_status, logs
from hotelctl.cli._session import passed_over
from hotelctl.cli._status import status
from hotelctl.cli._wiring import configure
from hotelctl.cli.logs import logs as print_logs
from hotelctl.core.errors import Locked, UsageError
from hotelctl.deploy.journal import Kind
from hotelctl.deploy.layout import Layout
from tests.cli.looked import ASKED, deployed, wrote
from tests.fakes.clock import FakeClock


@pytest.fixture
def held(layout: Layout) -> Iterator[None]:
    """Somebody holds the lock."""
    lock = lock_of(configure(ASKED))
    lock.acquire("deploy", "d9")
    assert layout.state.exists()
    yield
    lock.release()


def test_history_is_newest_first_with_what_failed_where(layout: Layout, clock: FakeClock) -> None:
    deployed(layout, clock, "d1")
    failed = {"message": "no compiler", "hint": ""}
    wrote(
        layout,
        clock,
        "d2",
        ("build", Kind.FAIL, failed),
        ("", Kind.OUTCOME, {"outcome": "stopped"}),
    )
    wrote(layout, clock, "d3", ("build", Kind.INTENT, {}))
    rows = history(ASKED)
    lines = [(row["id"], row["outcome"], row["failed"], row["seconds"]) for row in rows.shown]
    assert lines == [
        ("d3", "unfinished", "", 1.0),
        ("d2", "stopped", "build", 2.0),
        ("d1", "succeeded", "", 4.0),
    ]
    assert [one["failure"] for one in rows.raw] == ["", "no compiler", ""]
    assert rows.raw[0]["header"]["host"] == "desk"
    assert json.loads(json.dumps(rows.raw)) == rows.raw


def test_logs_are_the_records_of_one_journal(layout: Layout, clock: FakeClock) -> None:
    deployed(layout, clock, "d1")
    wrote(layout, clock, "d2", ("build", Kind.FAIL, {"message": "no compiler"}), ("x", Kind.EFFECT, {"n": 1}))
    rows = logs(ASKED, None)
    assert [(row["seq"], row["step"], row["kind"]) for row in rows.shown] == [
        (1, "-", "note"),
        (2, "build", "fail"),
        (3, "x", "effect"),
    ]
    told = [row["what"] for row in logs(ASKED, None).shown]
    assert told == ["host=desk, id=d2, operation=deploy, port=8080, user=ana", "no compiler", "n=1"]
    assert next(row["time"] for row in logs(ASKED, None).shown) == "12:00:04.000"
    assert [record["seq"] for record in rows.raw] == [1, 2, 3]
    assert [row["what"] for row in logs(ASKED, "d1").shown][-2:] == ["deploy flipped", "succeeded"]
    with pytest.raises(UsageError, match="there is no operation d7") as refused:
        logs(ASKED, "d7")
    assert refused.value.hint == "the newest: d1, d2"


@pytest.mark.usefixtures("held")
def test_the_lock_names_its_holder_while_held_and_afterwards(layout: Layout) -> None:
    raw = lock_status(ASKED).raw
    assert raw["held"] is True
    assert "deploy d9 by " in raw["holder"]
    assert raw["fence"] == 1
    assert layout.state.exists()


@pytest.mark.usefixtures("held")
def test_a_lock_is_not_taken_from_who_lives() -> None:
    with pytest.raises(Locked, match="deploy d9 by ") as refused:
        lock_released(ASKED)
    assert "resumed" in refused.value.hint


def test_nobody_need_release_what_its_holder_gave_back(layout: Layout) -> None:
    lock = lock_of(configure(ASKED))
    lock.acquire("deploy", "d9")
    lock.release()
    assert lock_released(ASKED).raw["held"] is False
    assert layout.state.exists()


def test_a_lock_that_was_given_back_names_its_last_holder(layout: Layout) -> None:
    lock = lock_of(configure(ASKED))
    lock.acquire("deploy", "d9")
    lock.release()
    raw = lock_status(ASKED).raw
    assert (raw["held"], "no longer alive" in raw["last holder"]) == (False, True)
    assert status(ASKED).raw["lock"] == "free"
    assert layout.state.exists()


def damage(layout: Layout, name: str) -> None:
    path = layout.journal(name)
    path.write_bytes(path.read_bytes().replace(b"ana", b"bob", 1))


def test_who_only_looks_goes_on_and_names_a_damaged_journal(layout: Layout, clock: FakeClock) -> None:
    for name in ("d1", "d2"):
        deployed(layout, clock, name)
    damage(layout, "d1")
    why = "the journal of d1 is damaged: line 2: does not follow the line before it"
    assert status(ASKED).raw["damaged"] == why
    rows = history(ASKED)
    assert [(row["id"], row["outcome"], row["failed"]) for row in rows.shown] == [
        ("d2", "succeeded", ""),
        ("d1", "damaged", why),
    ]
    assert [one["failure"] for one in rows.raw] == ["", why]
    newest = logs(ASKED, None)
    assert (newest.warnings, len(newest.raw)) == ((why,), 5)
    broken = logs(ASKED, "d1")
    assert [row["kind"] for row in broken.shown] == ["note", "damaged"]
    assert ([row["what"] for row in broken.shown][-1], broken.raw[-1]["data"]) == (why, {"message": why})
    assert broken.warnings == ()


def test_a_damaged_journal_that_nothing_needs_is_a_warning(
    layout: Layout, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed(layout, clock, "d1")
    assert list(passed_over(configure(ASKED))) == []
    deployed(layout, clock, "d2")
    damage(layout, "d1")
    (said,) = passed_over(configure(ASKED))
    assert said.startswith("warning: the journal of d1 is damaged: line 2: ")
    print_logs()
    told = capsys.readouterr()
    assert "warning: the journal of d1 is damaged: line 2" in " ".join(told.err.split())
    assert "damaged" not in told.out
