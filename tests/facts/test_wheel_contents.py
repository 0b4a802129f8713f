from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.wheel_contents import ContentsRemark, command, remarks, without_migrations

_NAME = "town-1.2.0-py3-none-any.whl"
_NOT_THERE = "Module is not located at importable path"
_TWO = f"{_NAME}: W004: {_NOT_THERE}:\n  town/01.py\n  town/02.py\n{_NAME}: W007: Wheel library is empty\n"


def done(code: int | None, stdout: str = "", stderr: str = "", **more: Any) -> Completed:  # noqa: ANN401 - fields
    """How the program ended."""
    return Completed((), code, stdout, stderr, more.pop("timed_out", False), 0.1, "ev-1", **more)


def test_it_heeds_no_settings() -> None:
    assert command(_NAME) == ("--no-config", _NAME)


def test_its_verdicts() -> None:
    assert remarks(_NAME, done(0, f"{_NAME}: OK\n")) == ()
    assert remarks(_NAME, done(1, _TWO)) == (
        ContentsRemark("W004", _NOT_THERE, ("town/01.py", "town/02.py")),
        ContentsRemark("W007", "Wheel library is empty", ()),
    )


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (done(None, timed_out=True), "killed at its limit"),
        (done(2, stderr="Usage"), "ended with 2"),
        (done(0), "no clear verdict"),
        (done(0, _TWO), "no clear verdict"),
        (done(0, "other-1-py3-none-any.whl: OK\n"), "no clear verdict"),
        (done(1), "no clear verdict"),
        (done(1, f"{_NAME}: OK\n"), "no clear verdict"),
        (done(1, "  town/01.py\n"), "no clear verdict"),
        (done(1, f"{_TWO}nonsense\n"), "no clear verdict"),
        (done(1, _TWO, "Traceback"), "no clear verdict: Traceback"),
        (done(1, _TWO, truncated=True), "more than is read"),
    ],
)
def test_everything_else_is_no_verdict(how: Completed, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        remarks(_NAME, how)


@pytest.mark.parametrize("directory", ["town/revisions", "src/town/revisions", "town/revisions/"])
def test_revisions_are_read_by_their_path_and_nothing_else_is(directory: str) -> None:
    numbered = ContentsRemark("W004", _NOT_THERE, ("town/revisions/versions/01.py", "town/02.py"))
    twice = ContentsRemark("W002", "Wheel contains duplicate files", ("town/revisions/a.py", "town/b.py"))
    kept = without_migrations((numbered, twice), directory)
    assert kept == (ContentsRemark("W004", _NOT_THERE, ("town/02.py",)), twice)
    assert (
        without_migrations((ContentsRemark("W004", _NOT_THERE, ("town/revisions/1.py",)),), directory) == ()
    )
    other = ContentsRemark("W004", _NOT_THERE, ("revisions/1.py", "otown/revisions/1.py"))
    assert without_migrations((other,), "town/elsewhere") == (other,)
