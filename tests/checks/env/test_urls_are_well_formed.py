import pytest

from hotelctl.checks.env.urls_are_well_formed import urls_are_well_formed
from tests.checks import made

_CONTRACT = made.contract(URL={"type": "url", "secret": True, "schemes": ["postgresql", "https"]})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app:hunter2@db.example.org:5432/app",
        "postgresql://app:p%40ss%2Fhunter2@db/app",
        "postgresql:///app?host=/run/postgresql",
        "postgresql://app@%2Frun%2Fpostgresql/app",
        "https://[::1]:8443/x?mail=a@b.c",
    ],
)
def test_good_forms(url: str) -> None:
    assert not made.judged(urls_are_well_formed, made.environment(URL=url), _CONTRACT)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgres://app:hunter2@db/app", "postgresql://"),
        ("mysql://app:hunter2@db/app", "scheme"),
        ("postgresql://app:hunter2@x@db/app", "%40"),
        ("postgresql://app:hunter2:x@db/app", "%3A"),
        ("postgresql://app:hunter2/x@db/app", "%2F"),
        ("postgresql://app:hunter2#x@db/app", "%23"),
        ("postgresql:///app", "no host"),
        ("postgresql://app:hunter2@/app", "no host"),
        ("postgresql://db:notaport/app", "port"),
        ("db.example.org/app", "://"),
    ],
)
def test_each_trap_is_named_without_the_value(url: str, words: str) -> None:
    (finding,) = made.judged(urls_are_well_formed, made.environment(URL=url), _CONTRACT)
    assert words in finding.message
