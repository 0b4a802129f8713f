from dataclasses import replace

import pytest

from hotelctl.checks.docker.built_image_becomes_healthy import built_image_becomes_healthy as check
from hotelctl.core.finding import CommandOutput
from hotelctl.core.image_trials import Trial
from tests.checks import made
from tests.checks.docker.images import HEALTHY, image, trials


def test_healthy_in_either_way_is_fine() -> None:
    assert made.judged(check, image(), trials()) == []
    assert made.judged(check, image(), trials(Trial(None, 1, "", "read-only"), HEALTHY)) == []


def test_what_ends_at_once_is_told_with_its_last_lines() -> None:
    ended = Trial(None, 1, "", "ModuleNotFoundError: No module named 'notes'")
    (finding,) = made.judged(check, image(), trials(ended, ended))
    assert finding.message == "a container of notes:1 does not become healthy: it ends with 1"
    (shown,) = finding.evidence
    assert isinstance(shown, CommandOutput)
    assert shown.exit_code == 1
    assert "No module named 'notes'" in shown.excerpt


@pytest.mark.parametrize(
    ("code", "words"),
    [(127, "not found, or it cannot be started"), (137, "killed, or out of memory"), (139, "signal 11")],
)
def test_a_code_that_means_something_is_told_as_that(code: int, words: str) -> None:
    ended = Trial(None, code, "", "")
    (finding,) = made.judged(check, image(), trials(ended, ended))
    assert finding.message.endswith(f"it ends with {code} ({words})")


def test_what_runs_on_is_told_with_what_its_health_check_says() -> None:
    ill = Trial(None, None, "connection refused", "waiting")
    (finding,) = made.judged(check, image(), trials(ill, replace(ill, log="still waiting")))
    assert finding.message.endswith("it is not after 30 s; its health check says: connection refused")
