import pytest

from hotelctl.checks.env.urls_have_no_default_login import urls_have_no_default_login
from hotelctl.core.finding import Severity
from tests.checks import made

_CONTRACT = made.contract(URL={"type": "url", "secret": True})


def test_an_own_password_or_none_is_fine() -> None:
    for url in ("postgresql://postgres:hunter2x@db/a", "postgresql://postgres@db/a", "https://example.org"):
        assert not made.judged(urls_have_no_default_login, made.environment(URL=url), _CONTRACT)


@pytest.mark.parametrize(
    "login", ["postgres:postgres", "admin:admin", "root:root", "user:password", "guest:guest", "app:app"]
)
def test_pairs_that_everybody_tries(login: str) -> None:
    (finding,) = made.judged(
        urls_have_no_default_login, made.environment(URL=f"postgresql://{login}@db.example.org/a"), _CONTRACT
    )
    assert finding.severity is None
    assert f":{login.partition(':')[2]}@" not in repr(finding)


def test_on_this_machine_in_ci_it_is_a_note() -> None:
    url = "postgresql://postgres:postgres@localhost/a"
    (finding,) = made.judged(urls_have_no_default_login, made.environment("ci", URL=url), _CONTRACT)
    assert finding.severity is Severity.LOW
