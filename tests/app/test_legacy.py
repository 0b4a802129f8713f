import pytest

from hotelctl.app import legacy
from hotelctl.app.contract import variables
from hotelctl.app.domain.failures import StartFailure
from hotelctl.app.settings import Settings, load

_GOOD = {
    "DATABASE_URL": "postgresql://app:pw@db.example:5432/hotel",
    "HOTEL_KEYRING": "/k",
    "HOTEL_PUBLIC_URL": "https://hotel.example",
    "HOTEL_ENV": "production",
}


@pytest.fixture(autouse=True)
def _only_good_values(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    for name, value in _GOOD.items():
        monkeypatch.setenv(name, value)


def test_new_names_alone_are_worth_no_word() -> None:
    assert legacy.notices(load(Settings)) == ()


def test_old_names_stand_in_and_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTEL_PUBLIC_URL")
    monkeypatch.setenv("NEXT_PUBLIC_APP_URL", "https://old.example/")
    monkeypatch.setenv("SMTP_PASS", "s3cr3t")
    settings = load(Settings)
    assert settings.hotel_public_url == "https://old.example"
    assert settings.smtp_password
    assert settings.smtp_password.get_secret_value() == "s3cr3t"
    assert legacy.notices(settings) == (
        "NEXT_PUBLIC_APP_URL is an old name: set HOTEL_PUBLIC_URL",
        "SMTP_PASS is an old name: set SMTP_PASSWORD",
    )


def test_the_new_name_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PASS", "old")
    monkeypatch.setenv("SMTP_PASSWORD", "new")
    settings = load(Settings)
    assert settings.smtp_password
    assert settings.smtp_password.get_secret_value() == "new"


def test_the_old_secret_verifies_only_when_it_is_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert legacy.old_secret() is None
    monkeypatch.setenv("NEXTAUTH_SECRET", "s" * 31)
    assert legacy.old_secret() is None
    assert "is not used, it has less than 32 bytes: set HOTEL_KEYRING" in legacy.notices(load(Settings))[0]
    monkeypatch.setenv("NEXTAUTH_SECRET", "s" * 32)
    assert legacy.old_secret() == b"s" * 32
    (notice,) = legacy.notices(load(Settings))
    assert "only verifies" in notice
    assert "sss" not in notice


def test_two_addresses_that_differ_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEXTAUTH_URL", "https://hotel.example/")
    assert len(legacy.notices(load(Settings))) == 1
    monkeypatch.setenv("NEXTAUTH_URL", "https://other.example")
    with pytest.raises(StartFailure) as caught:
        legacy.notices(load(Settings))
    assert caught.value.exit_code == 78
    assert caught.value.problems == (
        {"key": "NEXTAUTH_URL", "problem": "is another address than HOTEL_PUBLIC_URL"},
    )
    assert "other.example" not in caught.value.message
