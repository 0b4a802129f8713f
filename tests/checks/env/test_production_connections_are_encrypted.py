import pytest

from hotelctl.checks.env.production_connections_are_encrypted import production_connections_are_encrypted
from hotelctl.core.errors import NotApplicable
from tests.checks import made

_CONTRACT = made.contract(URL={"type": "url", "secret": True})


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "rediss://cache.example.org",
        "postgresql://a:hunter2@db.example.org/a?sslmode=verify-full",
        "postgresql:///a?host=/run/postgresql",
    ],
)
def test_encrypted_or_local_sockets_are_fine(url: str) -> None:
    assert not made.judged(production_connections_are_encrypted, made.environment(URL=url), _CONTRACT)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.org", "http"),
        ("redis://cache.example.org", "redis"),
        ("postgresql://a:hunter2@db.example.org/a", "sslmode prefer"),
        ("postgresql://a:hunter2@db.example.org/a?sslmode=disable", "sslmode disable"),
        ("https://localhost", "localhost"),
        ("postgresql://a:hunter2@127.0.0.5/a?sslmode=verify-full", "127.0.0.5"),
        ("https://[::1]/", "::1"),
    ],
)
def test_plain_or_loopback_connections_are_findings(url: str, words: str) -> None:
    (finding,) = made.judged(production_connections_are_encrypted, made.environment(URL=url), _CONTRACT)
    assert words in finding.message


def test_other_profiles_are_not_asked() -> None:
    with pytest.raises(NotApplicable):
        made.judged(production_connections_are_encrypted, made.environment("ci", URL="http://x"), _CONTRACT)
