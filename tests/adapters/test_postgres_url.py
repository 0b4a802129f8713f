import pytest

from hotelctl.adapters.postgres_connect import meaning
from hotelctl.adapters.postgres_url import Address
from hotelctl.core.errors import Unavailable


@pytest.mark.parametrize(
    ("url", "server", "database", "user"),
    [
        ("postgresql://u:p@h:7/d", "h:7", "d", "u"),
        ("postgresql+psycopg://u:p@h/d?sslmode=require", "h:5432", "d", "u"),
        ("postgresql://postgres:@/d?host=/run/pg", "/run/pg", "d", "postgres"),
        ("postgresql://u@[::1]:7/a%20b", "::1:7", "a b", "u"),
        ("postgres://u@h", "h:5432", "u", "u"),
    ],
)
def test_the_parts(url: str, server: str, database: str, user: str) -> None:
    address = Address(url)
    assert (address.server, address.database, address.user) == (server, database, user)


@pytest.mark.parametrize(
    ("url", "other"),
    [
        (
            "postgresql+psycopg://u:p%40@h:7/d?sslmode=require",
            "postgresql://u:p%40@h:7/n%2Fm?sslmode=require",
        ),
        ("postgresql://u@/d?host=/run/pg&dbname=x", "postgresql://u@/n%2Fm?host=/run/pg"),
        ("postgresql:///d?host=/run/pg", "postgresql:///n%2Fm?host=/run/pg"),
        ("postgresql://u:p[w@h/d", "postgresql://u:p[w@h/n%2Fm"),
    ],
)
def test_another_database_of_the_same_server(url: str, other: str) -> None:
    assert Address(url).at("n/m").url == other
    assert Address(other).database == "n/m"


def test_tools_get_everything_by_environment() -> None:
    url = "postgresql://u:p%40ss@h:7/d?sslmode=require&options=-c%20geqo%3Doff"
    assert Address(url).environment() == {
        "PGUSER": "u",
        "PGPASSWORD": "p@ss",
        "PGHOST": "h",
        "PGPORT": "7",
        "PGDATABASE": "d",
        "PGSSLMODE": "require",
        "PGOPTIONS": "-c geqo=off",
    }


@pytest.mark.parametrize("url", ["", "h/d", "sqlite:///x", "postgresql://u:hunter2@h/d?nonsense=1"])
def test_what_is_no_url_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(Unavailable) as refused:
        Address(url).parameters  # noqa: B018 - reading it is the question
    assert "hunter2" not in refused.value.reason


def test_people_see_no_password() -> None:
    assert str(Address("postgresql://u:hunter2@h/d")) == "d at h:5432"
    assert "hunter2" not in str(Address("postgresql://u:hunter2@h/d").target())


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('FATAL:  password authentication failed for user "u"', 'h:5432 refuses the password of "u"'),
        ("fe_sendauth: no password supplied", 'wants a password for "u"'),
        ("FATAL:  sorry, too many clients already", "has no free connection"),
        ("FATAL:  the database system is starting up", "still starting up"),
        ("connection timeout expired", "answers at h:5432 within 5 s"),
        ('FATAL:  no pg_hba.conf entry for host "1.2.3.4"', "pg_hba.conf"),
        ("FATAL:  Passwort hunter2 falsch", "no connection to d at h:5432: Passwort *** falsch"),
    ],
)
def test_what_a_refused_log_in_means(said: str, shown: str) -> None:
    line = meaning(Address("postgresql://u:hunter2@h/d"), f"connection failed: {said}\n\thint")
    assert shown in line
    assert "\n" not in line
