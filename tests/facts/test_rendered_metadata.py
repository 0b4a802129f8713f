import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.rendered_metadata import command, complaints

_GOOD = "Checking town.whl: PASSED\n"
_BAD = "Checking town.whl: FAILED\nERROR    `long_description` has syntax errors in markup.\n"
_MISSING = "Checking town.whl: PASSED with warnings\nWARNING  `long_description` missing.\n"


def done(code: int | None, stdout: str, stderr: str = "") -> Completed:
    """How twine ended."""
    return Completed(("twine",), code, stdout, stderr, timed_out=False, duration_s=0.1, evidence="ev-1")


def test_warnings_do_not_count() -> None:
    assert command("town.whl") == ("check", "town.whl")
    assert complaints(done(0, _MISSING)) == ()


def test_a_clear_verdict_is_believed() -> None:
    assert complaints(done(0, _GOOD)) == ()
    assert complaints(done(1, _BAD)) == ("`long_description` has syntax errors in markup.",)
    assert complaints(done(1, "ERROR    InvalidDistribution: no Name\n")) == ("InvalidDistribution: no Name",)


@pytest.mark.parametrize(
    "how",
    [
        done(0, ""),
        done(0, "garbage"),
        done(0, _BAD),
        done(0, _GOOD + "ERROR    something\n"),
        done(1, _GOOD),
        done(1, ""),
        done(1, "Traceback (most recent call last):\n"),
        done(2, _GOOD),
        done(None, _GOOD),
    ],
)
def test_everything_else_is_no_verdict(how: Completed) -> None:
    with pytest.raises(Unavailable, match="twine ended with"):
        complaints(how)
