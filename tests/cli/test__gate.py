import errno
import re
import sys
from pathlib import Path
from typing import Any, Self

import pytest
import typer

from hotelctl.cli import _gate
from hotelctl.cli._gate import guarded, hide_with
from hotelctl.core.errors import Frozen, HotelctlError, Interrupted, Locked, RolledBack, UsageError
from hotelctl.core.redact import Redactor

SECRET = "s3cr3t-that-nobody-may-see"


class Doing:
    """A command that raises what it was given."""

    def __init__(self, raises: BaseException | None = None) -> None:
        self.raises = raises

    def make_context(self, info_name: str | None, args: list[str]) -> Self:
        assert info_name == "hotelctl"
        assert args == ["x"]
        return self

    def invoke(self, _ctx: Any) -> None:  # noqa: ANN401 - the gate's protocol
        if self.raises is not None:
            raise self.raises

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture(autouse=True)
def in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(_gate, "_hidden", [])
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no"), 2),
        (RolledBack("no"), 11),
        (Frozen("no"), 12),
        (Locked("no"), 73),
        (Interrupted("no"), 75),
        (KeyboardInterrupt(), 130),
        (typer.Abort(), 130),
        (typer.Exit(3), 3),
        (RuntimeError("no"), 70),
        (BrokenPipeError(), 141),
        (OSError(errno.ENOSPC, "no space", "/x"), 10),
        (PermissionError(errno.EACCES, "no", "/x"), 2),
        (FileNotFoundError(errno.ENOENT, "no", "/x"), 70),
        (None, 0),
    ],
    ids=repr,
)
def test_every_end_has_its_exit_code(
    error: BaseException | None, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.dup2", lambda *_: None)
    assert guarded(Doing(error), ["x"]) == code


def test_streams_that_were_closed_before_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert guarded(Doing(), ["x"]) == 0
    assert guarded(Doing(UsageError("no")), ["x"]) == UsageError.exit_code
    for stream in (sys.stdout, sys.stderr):
        stream.close()


def test_a_refusal_is_one_line_and_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    error = HotelctlError("the port\n is\x1b[31m taken", "choose --port 8081")
    guarded(Doing(error), ["x"])
    said = capsys.readouterr()
    assert said.err == "hotelctl: the port is\\x1b[31m taken\nhint: choose --port 8081\n"
    assert said.out == ""


def test_a_refusal_without_a_hint_has_no_empty_line(capsys: pytest.CaptureFixture[str]) -> None:
    guarded(Doing(UsageError("no")), ["x"])
    assert capsys.readouterr().err == "hotelctl: no\n"


def _bug() -> BaseException:
    return ValueError(f"connecting with {SECRET}\nsecond line")


def test_a_bug_is_two_lines_and_a_log_with_versions_and_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hide_with(Redactor(b"key", [SECRET]))
    assert guarded(Doing(_bug()), ["x"]) == 70
    said = capsys.readouterr().err
    assert said.splitlines()[0].startswith(
        "hotelctl: this is a bug in hotelctl: ValueError: connecting with [redacted"
    )
    assert "second line" not in said
    assert "Traceback" not in said
    (log,) = tmp_path.glob("hotelctl-bug-*.log")
    assert log.name in said
    text = log.read_text()
    assert re.search(r"(?s)Traceback .*in invoke", text)
    assert "second line" in text
    assert f"python {sys.version_info[0]}." in text
    assert re.search(r"(?m)^typer \d", text)
    assert SECRET not in text + said
    assert log.stat().st_mode & 0o077 == 0


def test_the_log_of_a_bug_stands_in_the_state_directory_when_there_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".hotelctl").mkdir()
    guarded(Doing(_bug()), ["x"])
    (log,) = (tmp_path / ".hotelctl").glob("hotelctl-bug-*.log")
    assert f"log: .hotelctl/{log.name}" in capsys.readouterr().err


def test_a_bug_that_nobody_can_write_down_is_still_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> int:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("hotelctl.cli._bug.os.open", refuse)
    assert guarded(Doing(_bug()), ["x"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_an_error_with_an_empty_text_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(Doing(RuntimeError()), ["x"]) == 70
    assert "RuntimeError" in capsys.readouterr().err


def test_secrets_are_hidden_in_refusals(capsys: pytest.CaptureFixture[str]) -> None:
    hide_with(Redactor(b"key", [SECRET]))
    guarded(Doing(UsageError(f"not {SECRET}", f"unset {SECRET}")), ["x"])
    guarded(Doing(UsageError("postgresql://u:hunter22@h/db")), ["x"])
    said = capsys.readouterr().err
    assert SECRET not in said
    assert "hunter22" not in said
