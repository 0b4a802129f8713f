import psycopg
import pytest

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, synthetic_hotel_id
from hotelctl.app.migrating import owner_engine
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
        assert upkeep.rows_of(connection, SYNTHETIC_HOTEL_ID) == {'"Later"': 1, "users": 1}
        assert upkeep.end_synthetic(connection, SYNTHETIC_HOTEL_ID) == 2
        assert upkeep.rows_of(connection, SYNTHETIC_HOTEL_ID) == {}
    engine.dispose()


def test_a_run_s_hotel_goes_with_its_rows_and_the_first_one_stays(owner_url: str) -> None:
    engine, hotel_id = owner_engine(owner_url), synthetic_hotel_id()
    with engine.begin() as connection:
        for _ in range(2):
            upkeep.add_synthetic_hotel(connection, hotel_id)
    with psycopg.connect(owner_url) as connection:
        add_user(connection, hotel_id, "x@synthetic.invalid", "staff")
    with engine.begin() as connection:
        assert [upkeep.end_synthetic(connection, hotel_id) for _ in range(2)] == [1, 0]
        assert upkeep.end_synthetic(connection, SYNTHETIC_HOTEL_ID) == 0
    engine.dispose()
    with psycopg.connect(owner_url) as connection:
        assert connection.execute("SELECT id FROM hotels").fetchall() == [(SYNTHETIC_HOTEL_ID,)]


def test_a_run_is_over_ten_minutes_after_it_began_and_is_ended_by_one_only(owner_url: str) -> None:
    engine, (young, old, used) = owner_engine(owner_url), [synthetic_hotel_id() for _ in range(3)]
    with engine.begin() as connection:
        for hotel_id in (young, old, used):
            upkeep.add_synthetic_hotel(connection, hotel_id)
    with psycopg.connect(owner_url) as connection:
        add_user(connection, used, "x@synthetic.invalid", "staff")
        aged = "UPDATE hotels SET created_at = now() - interval '11 minutes' WHERE id = ANY (%s)"
        connection.execute(aged, ([old, used],))
    with engine.begin() as first, engine.begin() as second:
        assert old in upkeep.expired_runs(first)
        assert not {young, used} & set(upkeep.expired_runs(first))
        assert old not in upkeep.expired_runs(second)
    engine.dispose()


@pytest.mark.parametrize(("age", "is_over"), [("11 minutes", False), ("11 hours", False), ("13 hours", True)])
def test_what_was_issued_for_a_later_check_stays_for_twelve_hours(
    age: str,
    is_over: bool,  # noqa: FBT001 - a parameter of the test
    owner_url: str,
) -> None:
    engine, hotel_id = owner_engine(owner_url), synthetic_hotel_id()
    with engine.begin() as connection:
        upkeep.add_synthetic_hotel(connection, hotel_id, stays=True)
    with psycopg.connect(owner_url) as connection:
        aged = "UPDATE hotels SET created_at = now() - %s::interval WHERE id = %s"
        connection.execute(aged, (age, hotel_id))
    with engine.begin() as connection:
        assert (hotel_id in upkeep.expired_runs(connection)) is is_over
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
