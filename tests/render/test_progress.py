import threading
from io import StringIO

import pytest
from rich.console import Console

from hotelctl.core.progress import Silent
from hotelctl.core.redact import Redactor
from hotelctl.render.progress import Drawing, Lines, progress

SECRET = "a-secret-of-some-length"


def console(width: int = 80) -> Console:
    return Console(file=StringIO(), width=width, markup=False, emoji=False, highlight=False)


def written(on: Console) -> str:
    assert isinstance(on.file, StringIO)
    return on.file.getvalue()


def test_away_from_a_terminal_each_end_is_one_stable_line() -> None:
    on = console()
    lines = Lines(on, Redactor(b"k", [SECRET]))
    lines.began(3, 10, "test", "Run the quick tests")
    lines.said(f"with {SECRET}\x1b[2J\nand more")
    lines.ended("done", "41 tests ran", 12.34)
    first, second = written(on).splitlines()
    assert first.strip().startswith("with [redacted")
    assert first.endswith("\\x1b[2J and more")
    assert second.split() == ["✓", "done", "[", "3/10]", "test", "41", "tests", "ran", "12.3", "s"]


def test_away_from_a_terminal_no_line_is_wider_than_it_and_no_word_is_broken() -> None:
    on, address = console(), "https://hotel.example/" + "x" * 80
    lines = Lines(on, str)
    lines.began(9, 10, "switch", "Switch the traffic")
    lines.said("nobody is ready " * 9 + address)
    lines.ended("done", "138 synthetic probes, 0 failed; " * 6, 11.7)
    said, done = written(on).split(address)
    assert max(len(line) for line in (said + done).splitlines()) <= 80
    assert all(line.startswith(" " * 6) for line in said.splitlines() + done.splitlines()[2:])
    assert "[ 9/10] switch  138" in done
    assert "".join(done.split()).endswith("0failed;11.7s")


@pytest.mark.parametrize("length", range(40, 60))
def test_a_line_that_goes_on_begins_where_all_do(length: int) -> None:
    on = console()
    lines = Lines(on, str)
    lines.began(7, 10, "ENV001", "x" * length + " that is set")
    lines.ended("done", "", 0.05)
    first, *more = written(on).splitlines()
    assert first[0] != " "
    assert [len(line) - len(line.lstrip()) for line in more] == [6] * len(more)


@pytest.mark.parametrize("length", range(40, 60))
def test_a_number_stays_with_its_unit(length: int) -> None:
    on = console()
    lines = Lines(on, str)
    lines.began(7, 10, "migrate", "Migrate")
    lines.ended("done", "x" * length, 0.05)
    assert "0.05 s" in written(on)


@pytest.mark.parametrize(
    "status", ["pass", "fail", "unknown", "not_applicable", "failed", "undone", "strange"]
)
def test_every_state_is_a_word_not_only_a_colour(status: str) -> None:
    on = console()
    lines = Lines(on, str)
    lines.began(1, 1, "ENV001", "title")
    lines.ended(status, "", 0.0)
    assert {"not_applicable": "n/a"}.get(status, status) in written(on)
    assert "title" in written(on)


def test_each_thread_ends_what_it_began() -> None:
    on = console()
    lines = Lines(on, str)
    lines.began(1, 2, "ENV001", "one")

    def other() -> None:
        lines.began(2, 2, "ENV002", "two")
        lines.ended("fail", "", 0.0)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    lines.ended("pass", "", 0.0)
    first, second = written(on).splitlines()
    assert "fail" in first
    assert "ENV002" in first
    assert "pass" in second
    assert "ENV001" in second


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_live_line_holds_the_width_and_shows_seconds(width: int) -> None:
    drawing = Drawing(console(width), str, keep=False)
    assert str(drawing.line()) == ""
    drawing.began(3, 10, "build", "Build " + "very " * 60)
    line = str(drawing.line())
    assert len(line) < width
    assert "[3/10]" in line
    assert line.endswith(" s")
    drawing.said("compiling")
    assert "compiling" in str(drawing.line())


def test_finished_lines_stay_only_when_they_are_kept() -> None:
    for keep in (True, False):
        on = console()
        drawing = Drawing(on, str, keep=keep)
        drawing.began(1, 10, "lock", "Lock")
        drawing.ended("done", "held", 0.1)
        assert ("held" in written(on)) is keep


def test_quiet_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(str, quiet=True) as observer:
        assert isinstance(observer, Silent)
    with progress(str) as observer:
        observer.began(1, 1, "ENV001", "title")
        observer.ended("pass", "", 0.0)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("ENV001") == 1


def test_lines_that_are_told_again_live_only_as_long_as_the_drawing() -> None:
    on = console()
    drawing = Drawing(on, str, keep=True, leave=True)
    drawing.began(1, 10, "lock", "Lock")
    drawing.ended("done", "held", 0.1)
    drawing.began(2, 10, "build", "Build")
    assert written(on) == ""
    on.print(drawing.picture())
    first, second = written(on).splitlines()
    assert "held" in first
    assert "Build" in second


def test_what_is_said_while_nothing_runs_is_not_lost() -> None:
    on = console()
    Drawing(on, lambda text: text.replace(SECRET, "[hidden]"), keep=False).said(f"an older one {SECRET}")
    assert written(on) == "an older one [hidden]\n"
