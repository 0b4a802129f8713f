import pytest

from benchmarks.planted.migrations.statements import statements


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1;\nSELECT 2;\n", ("SELECT 1", "SELECT 2")),
        ("SELECT 1", ("SELECT 1",)),
        ("SELECT ';''x;'; SELECT 2", ("SELECT ';''x;'", "SELECT 2")),
        ('DROP TABLE "a;b"; SELECT 2', ('DROP TABLE "a;b"', "SELECT 2")),
        ("DO $$ BEGIN; END $$; SELECT 2;", ("DO $$ BEGIN; END $$", "SELECT 2")),
        ("DO $a$ x; $$ y; $$ z; $a$; SELECT 2;", ("DO $a$ x; $$ y; $$ z; $a$", "SELECT 2")),
        ("SELECT 1; -- and; so\n/* on; */", ("SELECT 1",)),
        ("-- first;\nSELECT 1;", ("-- first;\nSELECT 1",)),
    ],
)
def test_a_semicolon_ends_a_statement_where_it_is_no_part_of_one(sql: str, expected: tuple[str, ...]) -> None:
    assert statements(sql) == expected
