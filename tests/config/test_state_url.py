"""What an environment may say of its state database, and what that comes to."""

from pathlib import Path

import pytest

from hotelctl.config.load import Configuration, load
from hotelctl.config.state_url import named_url, state_url
from hotelctl.core.errors import UsageError
from tests.config.test_load import MINIMAL, written

SHOP = '[database]\nurl_env = "SHOP_URL"\n'


def configured(place: Path, said: str) -> Configuration:
    line = f"[environments.production]\nstate_url = {said}\n" if said else "[environments.production]\n"
    written(place, MINIMAL + SHOP + line)
    return load(place, None, "production")


@pytest.mark.parametrize("url", ["postgresql://ana@db.example/state", "sqlite:///state.db"])
def test_a_url_without_a_secret_is_taken_as_it_is(tmp_path: Path, url: str) -> None:
    assert state_url(configured(tmp_path, f'"{url}"'), {}, {}) == url


def test_nothing_said_is_nothing_shared(tmp_path: Path) -> None:
    found = configured(tmp_path, "")
    assert state_url(found, {}, {"STATE_URL": "postgresql://x/y"}) is None
    assert named_url(found, {}) is None


def test_a_variable_is_read_from_the_caller_or_from_an_env_file(tmp_path: Path) -> None:
    found = configured(tmp_path, '"${STATE_URL}"\nenv_files = [".env.production"]')
    (tmp_path / ".env.production").write_text("STATE_URL=postgresql://file/state\n")
    assert state_url(found, {}, {}) == "postgresql://file/state"
    assert state_url(found, {}, {"STATE_URL": "postgresql://own/state"}) == "postgresql://own/state"


@pytest.mark.parametrize("environ", [{}, {"STATE_URL": ""}])
def test_a_variable_that_is_not_set_is_named_with_its_line(tmp_path: Path, environ: dict[str, str]) -> None:
    found = configured(tmp_path, '"${STATE_URL}"')
    with pytest.raises(UsageError, match=r"hotelctl\.toml:\d+: environments\.production\.state_url names"):
        state_url(found, {}, environ)


@pytest.mark.parametrize(
    "url",
    [
        " postgresql://ana:geheim@db/state",
        '"postgresql://ana:geheim@db/state"',
        "PostgreSQL://ana:geheim@db/state",
        "postgresqlx://ana:geheim@db/state",
        "mysql://ana:geheim@db/state",
        "sqlite://geheim.db",
        "geheim",
    ],
)
def test_a_variable_that_leads_to_no_place_for_state_is_refused_without_its_value(
    tmp_path: Path, url: str
) -> None:
    found = configured(tmp_path, '"${STATE_URL}"')
    with pytest.raises(UsageError, match=r"hotelctl\.toml:\d+: .*neither PostgreSQL nor a file") as refused:
        state_url(found, {}, {"STATE_URL": url})
    assert "geheim" not in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize("url", ["postgresql://db/state", "postgres://db/state", "sqlite:///state.db"])
def test_a_variable_that_leads_to_one_is_taken(tmp_path: Path, url: str) -> None:
    assert state_url(configured(tmp_path, '"${STATE_URL}"'), {}, {"STATE_URL": url}) == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql://ana:geheim@db/state", "holds a password"),
        ("postgresql://db/state?user=ana&password=geheim", "holds a password"),
        ("mysql://db/state", "must begin with postgresql"),
        ("STATE_URL", "must begin with postgresql"),
        ("${state url}", "must begin with postgresql"),
    ],
)
def test_what_is_no_place_for_state_is_refused(tmp_path: Path, url: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as refused:
        configured(tmp_path, f'"{url}"')
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("state", ["postgresql://db/shop", "postgres://other@db:5432/shop?connect_timeout=3"])
def test_the_services_own_database_is_refused_since_a_restore_exchanges_it(
    tmp_path: Path, state: str
) -> None:
    found = configured(tmp_path, f'"{state}"')
    with pytest.raises(UsageError, match="leads to the service's own database"):
        state_url(found, {}, {"SHOP_URL": "postgresql://ana:x@db/shop"})
    assert state_url(found, {}, {"SHOP_URL": "postgresql://ana:x@db/shop2"}) == state
