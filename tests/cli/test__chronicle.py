"""What a machine writes into the shared history, and what it reads there of others."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hotelctl.cli._chronicle import chronicle_of, write_down
from hotelctl.cli._looking import history, logs
from hotelctl.cli._shelf import Shelf, read, store
from hotelctl.cli._wiring import Asked, configure
from hotelctl.core.errors import UsageError
from hotelctl.deploy.journal import Kind
from hotelctl.deploy.layout import Layout
from hotelctl.render import json as stored
from hotelctl.render.verify import REPORT
from tests.cli.looked import ASKED, deployed, wrote
from tests.cli.test__shelf import kept
from tests.config.test_load import MINIMAL
from tests.fakes.clock import FakeClock
from tests.house.tracked import ROOT
from tests.render import made


def wrote_down() -> list[str]:
    """The warnings."""
    told = list[str]()
    write_down(configure(ASKED), told.append)
    return told


def other_machine(place: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> Layout:
    """A checkout of its own, whose history is shared by `url`."""
    place.mkdir(exist_ok=True)
    (place / "hotelctl.toml").write_text(f'{MINIMAL}[environments.local]\nstate_url = "{url}"\n')
    monkeypatch.chdir(place)
    return Layout(place / ".hotelctl" / "local")


def test_by_default_it_is_a_file_beside_the_journals(layout: Layout, clock: FakeClock) -> None:
    deployed(layout, clock, "d1")
    assert wrote_down() == []
    assert (layout.state / "history.db").exists()
    assert [one.id for one in chronicle_of(configure(ASKED)).deployments()] == ["d1"]


def test_operations_of_another_machine_are_told_with_its_name_and_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    url = f"sqlite:///{tmp_path}/shared.db"
    wrote(
        desk := other_machine(tmp_path / "desk", monkeypatch, url),
        clock,
        "d1",
        ("build", Kind.FAIL, {"message": "no compiler"}),
    )
    assert wrote_down() == []
    clock.advance(60)
    deployed(other_machine(tmp_path / "laptop", monkeypatch, url), clock, "d2")
    rows = history(ASKED)
    assert [(row["id"], row["by"], row["failed"]) for row in rows.shown] == [
        ("d2", "ana", ""),
        ("d1", "ana@desk", "build"),
    ]
    assert rows.raw[1]["header"]["port"] == 8080
    assert json.loads(json.dumps(rows.raw)) == rows.raw
    assert [row["kind"] for row in logs(ASKED, "d1").shown] == ["note", "fail"]
    assert wrote_down() == []
    monkeypatch.chdir(tmp_path / "desk")
    assert [row["id"] for row in history(ASKED).shown] == ["d2", "d1"]
    assert desk.journal("d1").exists()


def test_lost_it_is_made_again_from_the_journals(layout: Layout, clock: FakeClock) -> None:
    deployed(layout, clock, "d1")
    wrote_down()
    (layout.state / "history.db").unlink()
    assert [row["id"] for row in history(ASKED).shown] == ["d1"]
    deployed(layout, clock, "d2")
    assert wrote_down() == []
    found = chronicle_of(configure(ASKED))
    assert [one.id for one in found.deployments()] == ["d1", "d2"]
    assert "".join(f"{line}\n" for line in found.lines("d1")) == layout.journal("d1").read_text()


@pytest.mark.system
def test_tables_that_somebody_dropped_are_warned_of_and_there_again(layout: Layout, clock: FakeClock) -> None:
    deployed(layout, clock, "d1")
    wrote_down()
    with sqlite3.connect(layout.state / "history.db") as opened:
        opened.execute("DROP TABLE records")
    assert [row["id"] for row in history(ASKED).shown] == ["d1"]
    (line,) = wrote_down()
    assert line == (
        "warning: the shared history in .hotelctl/local/history.db had lost its table records; it was made "
        "anew from the journals here; each other machine writes it again from its journals with its next "
        "operation"
    )
    assert wrote_down() == []
    assert len(chronicle_of(configure(ASKED)).lines("d1")) == len(
        layout.journal("d1").read_text().splitlines()
    )


def test_what_cannot_be_had_is_a_warning_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    url = "postgresql://ana@127.0.0.1:1/state"
    deployed(other_machine(tmp_path / "desk", monkeypatch, url), clock, "d1")
    (warning,) = wrote_down()
    assert warning.startswith("warning: no database server answers at 127.0.0.1:1")
    assert "the next operation writes it again" in warning
    rows = history(ASKED)
    assert [row["id"] for row in rows.shown] == ["d1"]
    assert "only what this machine did is shown" in rows.warnings[0]
    with pytest.raises(UsageError, match="there is no operation d7 here, and no database server answers"):
        logs(ASKED, "d7")


def test_a_setting_that_leads_nowhere_hides_nothing_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    deployed(other_machine(tmp_path / "desk", monkeypatch, "${STATE_URL}"), clock, "d1")
    rows = history(ASKED)
    assert [row["id"] for row in rows.shown] == ["d1"]
    assert "which is not set" in rows.warnings[0]
    assert logs(ASKED, "d1").shown
    with pytest.raises(UsageError, match=r"there is no operation d7 here, and .*which is not set"):
        logs(ASKED, "d7")


def test_a_broken_file_is_named_from_the_project(layout: Layout, clock: FakeClock) -> None:
    deployed(layout, clock, "d1")
    (layout.state / "history.db").mkdir()
    (warning,) = wrote_down()
    assert "the shared history in .hotelctl/local/history.db cannot be had: unable to open" in warning
    assert ".hotelctl/local/history.db" in history(ASKED).warnings[0]
    assert str(layout.state) not in warning + history(ASKED).warnings[0]


def test_a_damaged_journal_keeps_nothing_else_out(layout: Layout, clock: FakeClock) -> None:
    deployed(layout, clock, "d1")
    deployed(layout, clock, "20260301T120000000Z-aaaaaaaaaaaa")
    layout.journal("d1").write_bytes(layout.journal("d1").read_bytes().replace(b"ana", b"eva"))
    assert wrote_down() == []
    assert [one.id[:4] for one in chronicle_of(configure(ASKED)).deployments()] == ["2026"]


def test_a_relative_file_is_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    deployed(other_machine(tmp_path / "desk", monkeypatch, "sqlite:///shared.db"), clock, "d1")
    assert wrote_down() == []
    with sqlite3.connect(tmp_path / "desk" / "shared.db") as opened:
        assert opened.execute("SELECT count(*) FROM records").fetchone() == (5,)
    opened.close()


def test_signatures_below_reports_are_in_there(layout: Layout) -> None:
    shelf = Shelf(layout.state.parents[1] / "reports")
    kept(shelf, "unsigned")
    directory = kept(shelf, "a")
    report = read(directory)
    signed = report.model_copy(update={"signoffs": (made.signoff(report),)})
    store(directory / REPORT, stored.render(signed).encode())
    chosen = layout.state.parents[1] / "hotelctl.toml"
    chosen.write_text(f"{MINIMAL}[environments.{report.environment}]\n")
    layout.state.mkdir(parents=True)
    write_down(configure(Asked(None, report.environment)), print)
    with sqlite3.connect(layout.state / "history.db") as opened:
        rows = opened.execute('SELECT report, digest, "commit", name, role FROM approvals').fetchall()
    opened.close()
    one = signed.signoffs[0]
    assert rows == [("a", report.digest, report.git.commit, one.name, one.role)]


@pytest.mark.system
@pytest.mark.parametrize("words", [["--help"], ["status"], ["lock", "status"]], ids=" ".join)
def test_who_asks_for_no_history_reads_no_library_for_it(layout: Layout, words: list[str]) -> None:
    program = (
        "import atexit, sys; sys.argv = ['hotelctl', *sys.argv[1:]]\n"
        "def told(): sys.stderr.write(str(sorted({'sqlalchemy', 'alembic'} & set(sys.modules))))\n"
        "atexit.register(told)\n"
        "from hotelctl.__main__ import run\nrun()"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=layout.state.parents[1],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "[]"), told
