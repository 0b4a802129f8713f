import pytest

from hotelctl.facts.server_log import Heard, heard

_LOG = """\
9 {}  LOG:  checkpoint starting: statement: SELECT 0
7 {app} LOG:  statement: SELECT 1
7 {app} LOG:  execute <unnamed>: INSERT INTO notes
\tVALUES ($1, $2, $3)
8 {app} LOG:  execute _pg3_0/_pg3_1: SELECT $1
7 {app} DETAIL:  Parameters: $1 = 'it''s, $2 = NULL', $2 = NULL, $3 = 'two
\tlines'
8 {app} DETAIL:  parameters: $1 = '1'
8 {app} LOG:  execute fetch from _pg3_0/_pg3_1: SELECT $1
"""


def asked(text: str) -> list[Heard]:
    return list(heard(text.replace("{}  LOG", "{} LOG").encode()))


def test_each_session_is_read_apart_with_its_values() -> None:
    assert asked(_LOG) == [
        Heard("app", "SELECT 1"),
        Heard("app", "INSERT INTO notes\nVALUES ($1, $2, $3)", ("it's, $2 = NULL", None, "two\nlines")),
        Heard("app", "SELECT $1", ("1",)),
    ]


def test_a_text_that_looks_like_an_entry_is_part_of_its_statement() -> None:
    (one,) = asked("7 {app} LOG:  statement: SELECT '\n\t8 {x} LOG:  statement: DROP TABLE t'\n")
    assert one.sql == "SELECT '\n8 {x} LOG:  statement: DROP TABLE t'"


@pytest.mark.parametrize(
    "line",
    [
        "7 {app} ERROR:  statement: SELECT 1",
        "7 {app} LOG:  duration: 1.2 ms",
        "7 {app} DETAIL:  Parameters: $1 = '1'",
        "half a li",
        "",
    ],
)
def test_what_asks_nothing_is_nothing(line: str) -> None:
    assert asked(line) == []


def test_another_detail_takes_no_statement_away() -> None:
    log = "7 {app} LOG:  statement: EXECUTE a(1)\n7 {app} DETAIL:  prepare: PREPARE a AS SELECT $1\n"
    assert asked(log) == [Heard("app", "EXECUTE a(1)")]
