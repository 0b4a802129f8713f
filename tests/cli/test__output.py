"""With /dev/full, which refuses each write as a full disk does."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from hotelctl.cli._gate import guarded
from hotelctl.cli._output import opened, refusal
from hotelctl.core.errors import Interrupted, UsageError
from tests.cli.test__gate import Doing

FULL = Path("/dev/full")


class Printing(Doing):
    """Prints more than any buffer holds, then ends as `Doing` does."""

    def invoke(self, ctx: object) -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.write("x" * 100_000 + "\n")
            stream.flush()
        super().invoke(ctx)


@pytest.fixture
def full() -> Iterator[TextIO]:
    with FULL.open("w") as stream:
        yield stream


def test_a_full_output_is_told_of_and_is_no_success(
    full: TextIO, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", full)
    assert guarded(Printing(), ["x"]) == UsageError.exit_code
    first = capsys.readouterr().err.splitlines()[1]
    assert first == "hotelctl: standard output takes no more: no space left on device"


def test_what_the_command_came_to_is_not_hidden_by_it(full: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", full)
    assert guarded(Printing(OSError(errno.ENOSPC, "no space", "/x")), ["x"]) == 10


def test_progress_that_nobody_can_take_stops_nothing(full: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", full)
    assert guarded(Printing(), ["x"]) == 0


@pytest.fixture
def left() -> Iterator[TextIO]:
    """Nobody reads it any more, as after a Ctrl-C that ended `tee` too."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", buffering=1) as stream:
        yield stream


def test_progress_that_nobody_reads_any_more_stops_nothing(
    left: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", left)
    assert guarded(Printing(UsageError("no")), ["x"]) == UsageError.exit_code


@pytest.mark.parametrize(("end", "code"), [(None, 141), (Interrupted("stopped on request"), 75)], ids=repr)
def test_an_answer_that_nobody_reads_any_more_hides_no_other_end(
    end: BaseException | None, code: int, left: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", left)
    assert guarded(Printing(end), ["x"]) == code


def test_a_refusal_is_remembered_and_what_follows_is_lost_in_silence(full: TextIO) -> None:
    stream = opened(full)
    assert refusal(stream) is None
    stream.write("x")
    stream.flush()
    why = refusal(stream)
    assert why is not None
    assert why.errno == errno.ENOSPC
    stream.write("y")
    stream.flush()
    assert refusal(stream) is why


@pytest.mark.parametrize(
    ("how", "said"),
    [({"line_buffering": True}, "a line\n"), ({"write_through": True}, "a word")],
    ids=["by lines", "at once"],
)
def test_it_holds_back_no_more_than_the_stream_did(how: dict[str, bool], said: str, tmp_path: Path) -> None:
    path = tmp_path / "told"
    with path.open("wb", buffering=0) as raw:
        stream = opened(io.TextIOWrapper(raw, "utf-8", **how))  # type: ignore[arg-type] # as Python itself does
        stream.write(said)
        assert path.read_text() == said


def test_what_is_no_plain_stream_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    del capsys
    assert opened(sys.stdout) is sys.stdout
