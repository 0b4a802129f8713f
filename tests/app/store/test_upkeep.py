import psycopg
import pytest

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.migrate import owner_engine
from hotelctl.app.store import upkeep
from tests.app.people import HOTEL_A, add_user

pytestmark = pytest.mark.database


def test_a_tenant_table_of_a_later_revision_is_swept_too(spare_url: str) -> None:
    with psycopg.connect(spare_url) as connection:
        connection.execute('CREATE TABLE "Later" (hotel_id uuid REFERENCES hotels)')
        connection.execute('INSERT INTO "Later" VALUES (%s)', (SYNTHETIC_HOTEL_ID,))
        add_user(connection, SYNTHETIC_HOTEL_ID, "x@synthetic.invalid", "staff")
    engine = owner_engine(spare_url)
    with engine.begin() as connection:
        assert upkeep.synthetic_rows(connection) == {'"Later"': 1, "users": 1}
        assert upkeep.purge_synthetic(connection) == 2
        assert upkeep.synthetic_rows(connection) == {}
    engine.dispose()


def test_only_a_live_hotel_is_found_by_its_slug(hotels: str) -> None:
    engine = owner_engine(hotels)
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET deleted_at = now() WHERE slug = 'beta'")
    with engine.begin() as connection:
        assert upkeep.hotel_by_slug(connection, "alpha") == HOTEL_A
        assert upkeep.hotel_by_slug(connection, "beta") is None
    engine.dispose()


def test_no_other_hotel_can_be_purged(hotels: str) -> None:
    with psycopg.connect(hotels) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="not synthetic"):
            connection.execute("SELECT purge_synthetic(%s)", (HOTEL_A,))
        connection.rollback()
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (4,)


def test_the_run_time_role_cannot_purge(app_url: str) -> None:
    with psycopg.connect(app_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT purge_synthetic(%s)", (SYNTHETIC_HOTEL_ID,))
