import pytest

from hotelctl.checks.env.urls_are_well_formed import urls_are_well_formed
from hotelctl.core.redact import by_shape
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
        ("db.example.org/app", "is not a URL: it has no scheme://"),
    ],
)
def test_each_trap_is_named_without_the_value(url: str, words: str) -> None:
    (finding,) = made.judged(urls_are_well_formed, made.environment(URL=url), _CONTRACT)
    assert words in finding.message


@pytest.mark.parametrize(
    ("example", "form"),
    [
        ("https://hotel.example.invalid", "https://hotel.example.invalid"),
        ("postgresql://app:CHANGE_ME@db/app", "postgresql://user@host/path"),
        (None, "postgresql://user@host/path"),
    ],
)
def test_the_remedy_shows_a_form_that_no_redaction_hides(example: str | None, form: str) -> None:
    contract = made.contract(URL={"type": "url", "schemes": ["postgresql"], "example": example})
    (finding,) = made.judged(urls_are_well_formed, made.environment(URL="garbage"), contract)
    assert finding.fix == f"URL={form}"
    assert by_shape(finding.fix) == finding.fix
