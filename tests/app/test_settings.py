from ipaddress import ip_network
from pathlib import Path

import pytest

from hotelctl.app.contract import variables
from hotelctl.app.domain.failures import StartFailure
from hotelctl.app.settings import DatabaseSettings, Settings, load

_GOOD = {
    "DATABASE_URL": "postgresql://app:pw@db.example:5432/hotel",
    "HOTEL_KEYRING": "/k",
    "HOTEL_PUBLIC_URL": "https://hotel.example/",
    "HOTEL_ENV": "production",
}
_ALL = tuple(variables())


@pytest.fixture(autouse=True)
def _only_good_values(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _ALL:
        monkeypatch.delenv(name, raising=False)
    for name, value in _GOOD.items():
        monkeypatch.setenv(name, value)


def _problems() -> dict[str, str]:
    with pytest.raises(StartFailure) as caught:
        load(Settings)
    assert (caught.value.exit_code, caught.value.event) == (78, "config_invalid")
    return {item["key"]: item["problem"] for item in caught.value.problems}


def test_reads_what_is_required_and_defaults_for_the_rest() -> None:
    settings = load(Settings)
    assert settings.hotel_public_url == "https://hotel.example"
    assert settings.hotel_keyring == Path("/k")
    assert settings.trusted_proxies == (ip_network("127.0.0.1/32"), ip_network("::1/128"))


def test_names_every_wrong_variable_at_once_and_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTEL_KEYRING")
    monkeypatch.setenv("DATABASE_URL", "mysql://root:s3cr3t-one@db/x")
    monkeypatch.setenv("OPS_TOKEN", "s3cr3t-two")
    monkeypatch.setenv("DATABASE_POOL_SIZE", "s3cr3t-three")
    with pytest.raises(StartFailure) as caught:
        load(Settings)
    assert "s3cr3t" not in f"{caught.value.message}{caught.value.problems}"
    assert {item["key"] for item in caught.value.problems} == {
        "DATABASE_URL",
        "HOTEL_KEYRING",
        "OPS_TOKEN",
        "DATABASE_POOL_SIZE",
    }


def test_a_password_with_an_at_sign_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:pa@ss:s3cr3t@db.example:5432/hotel")
    assert _problems() == {"DATABASE_URL": "is not a database URL"}


def test_an_empty_variable_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert _problems() == {"DATABASE_URL": "Field required"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "not a url"),
        ("DATABASE_URL", "sqlite:///x.db"),
        ("DATABASE_URL", "postgresql://app@db.example"),
        ("HOTEL_PUBLIC_URL", "hotel.example"),
        ("HOTEL_PUBLIC_URL", "https://hotel.example/app"),
        ("HOTEL_PUBLIC_URL", "https://user@hotel.example"),
        ("HOTEL_ENV", "Production!"),
        ("OPS_TOKEN", "short"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,nonsense"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example,b.example"),
        ("PASSWORD_MEMORY_KIB", "8"),
        ("DATABASE_POOL_SIZE", "0"),
        ("LOGIN_FAILURES_PER_MINUTE", "0"),
    ],
)
def test_refuses(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert list(_problems()) == [name]


@pytest.mark.parametrize(
    "live",
    ["postgresql://a:1@h/d", "postgresql+psycopg://b:2@h:5432/d"],
)
def test_the_test_database_must_be_another_one(live: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", live)
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://h:5432/d")
    assert _problems() == {"TEST_DATABASE_URL": "is the database of DATABASE_URL"}
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://h:5432/other")
    assert load(Settings).test_database_url


@pytest.mark.parametrize(
    ("live", "test"),
    [
        ("postgresql://a@localhost/d", "postgresql://b@127.0.0.1:5432/d"),
        ("postgresql://a@/d", "postgresql://b@[::1]/d"),
        ("postgresql://a@DB.example/d", "postgresql://b@db.example/d"),
        ("postgresql://a@/d?host=localhost&port=5433", "postgresql://b@localhost:5433/d"),
    ],
)
def test_a_database_is_known_by_any_name_of_its_machine(
    live: str, test: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", live)
    monkeypatch.setenv("TEST_DATABASE_URL", test)
    assert _problems() == {"TEST_DATABASE_URL": "is the database of DATABASE_URL"}


@pytest.mark.parametrize(
    ("live", "test"),
    [
        ("postgresql://a@localhost/d", "postgresql://b@localhost:5433/d"),
        ("postgresql://a@/d?host=/run/one", "postgresql://b@/d?host=/run/other"),
        ("postgresql://a@localhost/d", "postgresql://a@localhost/D"),
    ],
)
def test_another_server_or_name_is_another_database(
    live: str, test: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", live)
    monkeypatch.setenv("TEST_DATABASE_URL", test)
    assert load(Settings).test_database_url


def test_a_migration_needs_nothing_but_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTEL_KEYRING")
    assert load(DatabaseSettings).database_url.get_secret_value() == _GOOD["DATABASE_URL"]


def test_proxies_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "10.1.2.3/8, ::1")
    assert load(Settings).trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1/128"))


def test_a_secret_is_not_in_the_settings_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS_TOKEN", "t" * 40)
    text = repr(load(Settings))
    assert "pw@" not in text
    assert "tttt" not in text
