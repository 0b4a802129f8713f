import pytest

from hotelctl.checks.security.foreign_origins_are_kept_out import foreign_origins_are_kept_out
from hotelctl.core.finding import Finding, Severity
from tests.checks import made
from tests.checks.security.answers import asked, live

FOREIGN = "https://foreign.invalid"


def found(origin: str, allowed: str | None, credentials: str = "") -> list[Finding]:
    headers = {"access-control-allow-credentials": credentials}
    if allowed is not None:
        headers["access-control-allow-origin"] = allowed
    one = asked("GET /", 200, headers, sent=f"Origin: {origin}")
    return made.judged(foreign_origins_are_kept_out, live(origins=(one,)))


@pytest.mark.parametrize("allowed", [None, "https://www.ours.example"])
def test_no_leave_or_leave_for_another_is_fine(allowed: str | None) -> None:
    assert not found(FOREIGN, allowed)


@pytest.mark.parametrize("origin", [FOREIGN, "https://localhost.foreign.invalid", "null"])
def test_naming_back_whoever_asks_is_a_finding(origin: str) -> None:
    (finding,) = found(origin, origin)
    assert (finding.severity, origin in finding.message) == (None, True)
    assert "cookies included" not in finding.message


def test_everybody_is_told_mildly_without_cookies_and_in_full_with_them() -> None:
    (mild,) = found(FOREIGN, "*")
    assert mild.severity is Severity.MEDIUM
    (worse,) = found(FOREIGN, "*", "true")
    assert worse.severity is None
    assert "every site to read it, cookies included" in worse.message
