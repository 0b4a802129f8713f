import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import sql

from hotelctl.app.migrating import owner_engine
from hotelctl.app.store.tables import Base
from tests.app.people import HOTEL_A

pytestmark = pytest.mark.database


def test_the_tables_are_what_the_revisions_make(owner_url: str) -> None:
    engine = owner_engine(owner_url)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []
    engine.dispose()


@pytest.mark.parametrize(
    ("column", "value"),
    [("email", "UPPER@x.example"), ("role", "emperor"), ("email", "staff@alpha.example")],
)
def test_the_database_refuses(column: str, value: str, hotels: str) -> None:
    statement = sql.SQL("UPDATE users SET {} = %s WHERE email = 'manager@alpha.example'")
    with psycopg.connect(hotels) as connection, pytest.raises(psycopg.errors.IntegrityError):
        connection.execute(statement.format(sql.Identifier(column)), (value,))


def test_an_address_is_free_again_after_its_user_is_deleted(hotels: str) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE users SET deleted_at = now() WHERE email = 'manager@alpha.example'")
        connection.execute(
            "UPDATE users SET email = 'manager@alpha.example' WHERE email = 'staff@beta.example'"
        )


def test_an_update_moves_updated_at(hotels: str) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET name = 'New' WHERE id = %s", (HOTEL_A,))
        connection.commit()
        moved = connection.execute("SELECT updated_at > created_at FROM hotels WHERE id = %s", (HOTEL_A,))
        assert moved.fetchone() == (True,)
