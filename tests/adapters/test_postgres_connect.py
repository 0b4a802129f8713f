import os

import pytest

from hotelctl.adapters.postgres_connect import connected

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PGPORT", "1"),
        ("PGHOST", "nowhere.invalid"),
        ("PGHOSTADDR", "192.0.2.1"),
        ("PGSERVICE", "not-defined"),
        ("PGOPTIONS", "-c nonsense=1"),
        ("PGTZ", "Mars/Phobos"),
        ("PGSSLMODE", "nonsense"),
    ],
)
def test_the_url_is_the_whole_address(
    name: str, value: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with connected(database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert os.environ[name] == value, "what the caller set is still there"
