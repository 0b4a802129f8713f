import pytest

from hotelctl.facts.created_extensions import CreatedExtension, created_extensions


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("CREATE EXTENSION btree_gist;", ["btree_gist"]),
        ("create extension if not exists Citext with schema public cascade", ["citext"]),
        ('CREATE EXTENSION IF NOT EXISTS "uuid-ossp";', ["uuid-ossp"]),
        ('CREATE EXTENSION "odd""name"', ['odd"name']),
        ("CREATE\n  EXTENSION\n pg_trgm VERSION '1.6';", ["pg_trgm"]),
        ("CREATE EXTENSION a; CREATE EXTENSION b;", ["a", "b"]),
        ("DROP EXTENSION citext; COMMENT ON EXTENSION citext IS 'CREATE EXTENSION x';", []),
        ("-- CREATE EXTENSION x;\n/* CREATE EXTENSION y; */ SELECT 'CREATE EXTENSION z'", []),
        ("DO $$ BEGIN CREATE EXTENSION maybe; EXCEPTION WHEN OTHERS THEN NULL; END $$;", []),
        ("CREATE EXTENSION ", []),
    ],
)
def test_names_in_sql(sql: str, names: list[str]) -> None:
    assert [one.name for one in created_extensions("m/1.sql", sql.encode())] == names


def test_lines_in_sql_and_in_a_dump() -> None:
    dump = b"--\n-- Name: citext\n--\n\nCREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;\n"
    assert created_extensions("", dump) == (CreatedExtension("citext", "", 5),)


_PYTHON = b'''"""Create extension pgcrypto

Revision ID: a
"""
from alembic import op
import sqlalchemy as sa

revision = "a"
MORE = "CREATE EXTENSION hstore"


def upgrade():
    """CREATE EXTENSION said;"""
    op.execute("CREATE EXTENSION IF NOT EXISTS citext")
    op.execute(
        """
        SELECT 1;
        CREATE EXTENSION btree_gist;
        """
    )
    op.get_bind().execute(sa.text("CREATE " "EXTENSION pg_trgm"))
    op.execute(f"CREATE EXTENSION {MORE}")
    op.execute(MORE)


def downgrade():
    op.execute("CREATE EXTENSION old")
'''


def test_names_and_lines_in_python() -> None:
    found = [(one.name, one.line) for one in created_extensions("m/a.py", _PYTHON)]
    assert found == [("hstore", 9), ("citext", 14), ("btree_gist", 18), ("pg_trgm", 21)]


def test_what_is_no_python_creates_nothing() -> None:
    assert created_extensions("m/a.py", b"def (") == ()
