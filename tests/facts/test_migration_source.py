import pytest

from hotelctl.facts.migration_source import Source

_PYTHON = '''"""Rooms."""

from alembic import op

revision = "2"


def upgrade() -> None:
    op.add_column("rooms", sa.Column("floor", sa.Integer(), nullable=True))
    op.create_index(
        "ix_rooms_floor",
        "rooms",
        ["floor"],
    )
    op.create_index("ix_rooms_name", "rooms", ["name"])
    op.execute("""
        UPDATE rooms SET floor = 1;

        -- what nobody reads
        DELETE FROM notes
        WHERE old
    """)
    for table in ("stays", "bills"):
        op.execute(f"ALTER TABLE {table} ADD seen boolean")
    if op.get_context().as_sql:
        op.drop_column("rooms", "note")
    op.drop_column("bedrooms", "note")


def downgrade() -> None:
    op.drop_column("rooms", "floor")
'''
_SQL = """-- rooms
CREATE TABLE rooms (
    id int
);

CREATE INDEX ON rooms (id); CREATE INDEX rooms_id ON rooms (id)
"""


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("ALTER TABLE rooms ADD COLUMN floor INTEGER", 9),
        ("CREATE INDEX ix_rooms_floor ON rooms (floor)", 10),
        ("CREATE INDEX ix_rooms_name ON rooms (name)", 15),
        ("UPDATE rooms SET floor = 1", 17),
        ("DELETE FROM notes\n        WHERE old\n", 20),
        ("ALTER TABLE rooms DROP COLUMN note", 26),
        ("ALTER TABLE bedrooms DROP COLUMN note", 27),
        ("ALTER TABLE rooms DROP COLUMN floors", None),
        ("CREATE TABLE halls (id int)", None),
        ("ALTER TABLE halls ADD seen boolean", None),
    ],
)
def test_the_call_that_a_statement_comes_from(sql: str, line: int | None) -> None:
    found = Source("m/versions/2.py", _PYTHON.encode()).line_of(sql)
    assert found == line


@pytest.mark.parametrize(
    "text",
    ["def upgrade(:", "x = 1", "def downgrade():\n    op.drop_table('rooms')", "\0"],
    ids=["no Python", "no upgrade", "the way back", "no text"],
)
def test_a_file_that_cannot_tell(text: str) -> None:
    assert Source("2.py", text.encode()).line_of("DROP TABLE rooms") is None


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("CREATE TABLE rooms (\n    id int\n)", 2),
        (" CREATE INDEX ON rooms (id)\n", 6),
        ("CREATE INDEX rooms_id ON rooms (id)", 6),
        ("INSERT INTO schema_migrations VALUES ('2.sql')", None),
    ],
)
def test_a_statement_of_a_file_of_sql(sql: str, line: int | None) -> None:
    assert Source("m/2.sql", _SQL.encode()).line_of(sql) == line
    assert Source("m/2.sql", b"-- \xff " + _SQL.encode()).line_of(sql) == line
