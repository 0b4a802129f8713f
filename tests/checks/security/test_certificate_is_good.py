from datetime import datetime, timedelta

import pytest

from hotelctl.checks.security.certificate_is_good import certificate_is_good
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.certificate import Certificate
from tests.checks import made


def found(ends: datetime | None, refusal: str = "") -> list[Finding]:
    shown = Certificate("a.example", 443, refusal, ends, "A tester", made.NOON, 14)
    return made.judged(certificate_is_good, shown)


def test_one_that_holds_long_enough_is_fine() -> None:
    assert not found(made.NOON + timedelta(days=14))


@pytest.mark.parametrize(
    "refusal", ["certificate has expired", "Hostname mismatch", "self-signed certificate"]
)
def test_one_that_is_not_trusted_is_a_finding(refusal: str) -> None:
    (finding,) = found(None, refusal)
    assert finding.message == f"the certificate of a.example:443 is not trusted: {refusal}"
    assert finding.severity is None


def test_one_that_ends_soon_is_told_mildly_with_its_days() -> None:
    (finding,) = found(made.NOON + timedelta(days=13, hours=23))
    assert (finding.severity, "ends in 14 days" in finding.message) == (Severity.MEDIUM, True)
