import pytest

from hotelctl.checks.services.certificates_are_trusted import certificates_are_trusted
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.outside_lines import OutsideLines
from tests.checks import made
from tests.checks.services.outside import line


def test_trusted_ones_are_fine() -> None:
    assert not made.judged(certificates_are_trusted, OutsideLines((line(), line("https://10.0.0.7"))))


@pytest.mark.parametrize(
    ("url", "how"),
    [
        ("https://pay.example", "-connect pay.example:443 -servername pay.example -showcerts </dev/null"),
        ("smtp+starttls://m.example", "-servername m.example -showcerts -starttls smtp </dev/null"),
    ],
)
def test_one_that_is_not_trusted_is_a_finding(url: str, how: str) -> None:
    (finding,) = made.judged(certificates_are_trusted, OutsideLines((line(url, untrusted="expired"), line())))
    assert finding.message.endswith("is not trusted: expired")
    assert finding.fix.startswith("openssl s_client -connect")
    assert how in finding.fix


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"away": "no network"}, "pay: no network"),
        ({"proxied": "through a proxy"}, "pay: through a proxy"),
        ({"unshaken": "connection refused"}, "pay: connection refused"),
        ({"no_name": "no such name"}, "pay: pay.example does not resolve"),
    ],
)
def test_what_could_not_be_seen_is_in_doubt(fields: dict[str, str], reason: str) -> None:
    with pytest.raises(Unavailable, match=reason):
        made.judged(certificates_are_trusted, OutsideLines((line(), line(**fields))))


def test_without_encryption_there_is_no_certificate() -> None:
    with pytest.raises(NotApplicable):
        made.judged(certificates_are_trusted, OutsideLines((line("http://pay.example"),)))
