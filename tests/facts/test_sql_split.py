import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotelctl.facts import sql_split
from hotelctl.facts.sql_split import code_words, first_words, split_sql, sql_parts


def texts(sql: str) -> list[str]:
    return [one.text for one in split_sql(sql)]


_QUOTED = st.text(alphabet="a; '\n\\$", max_size=6)
_PARTS = st.one_of(
    st.sampled_from(["x1", "begin", "case", "end", "atomic", "=", "$1", ",", "a::int", "(a; (b; c))"]),
    _QUOTED.map(lambda one: "'" + one.replace("'", "''") + "'"),
    _QUOTED.map(lambda one: '"' + one.replace('"', '""') + '"'),
    _QUOTED.map(lambda one: "E'" + one.replace("\\", "\\\\").replace("'", "\\'") + "'"),
    _QUOTED.map(lambda one: f"$t${one.replace('$', '')}$$; $t$"),
    _QUOTED.map(lambda one: f"/* {one} /* ; */ ' */"),
    _QUOTED.map(lambda one: "-- " + one.replace("\n", " ") + " ; '\n"),
)
_STATEMENTS = st.lists(_PARTS, max_size=6).map(lambda parts: " ".join(["SELECT", *parts, "x"]))


@given(st.lists(_STATEMENTS))
def test_joined_and_split_again_they_are_the_same(statements: list[str]) -> None:
    assert texts(";".join(statements)) == statements
    assert texts(" ;\n".join(statements) + ";") == statements


_PIECES = st.sampled_from(
    [*";;;()()'\"$-/*\\\n eE1", "--", "/*", "*/", "E'", "''", "create ", "function ", "begin atomic ", "x "]
)


@given(st.lists(_PIECES, max_size=30).map("".join))
@example("a (b (c (d; e); f); g); h; i")
@example("a ); b; c 'd' 'e'; fE'\\';' g; h")
def test_the_short_way_through_plain_statements_leads_where_the_long_one_does(text: str) -> None:
    short = split_sql(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql_split, "_simple", lambda: re.compile("(?!)"))
        assert split_sql(text) == short


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 'a;b'",
        "SELECT 'it''s; here'",
        'SELECT 1 AS "a;""b;"',
        r"SELECT E'it\'s; here'",
        r"SELECT e'\\', 'a;'",
        "SELECT /* a; /* b; */ c; */ 1",
        "SELECT 1 -- a; b\n+ 1",
        "DO $$ BEGIN PERFORM 1; END $$",
        "DO $body$ SELECT $$a;$$; $body$",
        "SELECT $größe$a;$größe$",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); DELETE FROM v)",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END",
        "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); END",
    ],
)
def test_a_semicolon_that_ends_nothing(statement: str) -> None:
    assert texts(f"{statement}; SELECT 2") == [statement, "SELECT 2"]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (r"SELECT 'a\'; SELECT 2", [r"SELECT 'a\'", "SELECT 2"]),
        ("SELECT name'a'; b", ["SELECT name'a'", "b"]),
        ("SELECT a$b; SELECT c$d", ["SELECT a$b", "SELECT c$d"]),
        ("PREPARE p AS SELECT $1; SELECT $2", ["PREPARE p AS SELECT $1", "SELECT $2"]),
        ("BEGIN; SELECT CASE WHEN a THEN b END; END; SELECT 1", 4),
        ("SELECT atomic; SELECT begin", 2),
        ("DROP FUNCTION f; BEGIN; SELECT 1; END", 4),
        ("SELECT 1); SELECT 2", 2),
    ],
)
def test_a_semicolon_that_ends_a_statement(sql: str, expected: list[str] | int) -> None:
    found = texts(sql)
    assert (len(found) if isinstance(expected, int) else found) == expected


@pytest.mark.parametrize(
    "rest", ["'a; b", '"a; b', "/* a; /* b */ c;", "$$a; b", "$t$a; $$ b; $T$ c", r"E'a\'; b", "(a; b"]
)
def test_what_is_not_closed_reaches_to_the_end(rest: str) -> None:
    assert len(split_sql(f"SELECT 1; SELECT {rest}")) == 2


@pytest.mark.parametrize("nothing", ["", " \n", ";;", "-- a; b\n;", "/* a; */", "; /* b */ -- c"])
def test_nothing_but_comments_is_no_statement(nothing: str) -> None:
    assert split_sql(nothing) == ()
    assert texts(f"{nothing}\n; SELECT 1;{nothing}") == ["SELECT 1"]


def test_a_line_is_that_of_the_first_word() -> None:
    found = split_sql("-- what it is for\n\nSELECT\n1;\n/* a\nb */ SELECT 'c\n'; SELECT 3")
    assert [one.line for one in found] == [3, 6, 7]


@pytest.mark.parametrize(
    ("sql", "number", "words"),
    [
        ("/* a */ -- b\nAlter TABLE Rooms ADD x int", 3, ("alter", "table", "rooms")),
        ("VACUUM (FULL) rooms", 3, ("vacuum",)),
        ("COMMIT", 1, ("commit",)),
        ('DROP TABLE "Rooms"', 3, ("drop", "table")),
        ("(SELECT 1)", 1, ()),
        ("-- nothing", 1, ()),
    ],
)
def test_its_first_words(sql: str, number: int, words: tuple[str, ...]) -> None:
    assert first_words(sql, number) == words


_BEGINS = (
    "SELECT",
    "a",
    "E'x'",
    "'q'",
    "--c\n",
    "/* x */",
    " ",
    "(",
    "))",
    ";",
    "1",
    "$$b$$",
    "x$1",
    "é",
    "\n",
)


@given(st.lists(st.sampled_from(_BEGINS), max_size=8), st.integers(1, 3))
def test_the_short_way_to_the_first_words_leads_where_the_long_one_does(
    pieces: list[str], number: int
) -> None:
    text = "".join(pieces)
    long_way: list[str] = []
    for kind, part, _ in sql_parts(text):
        if kind == "word" and len(long_way) < number:
            long_way.append(part.lower())
        elif kind not in ("line", "block", "space", "word"):
            break
    assert first_words(text, number) == tuple(long_way)


def test_brackets_are_read_in_runs_and_told_one_by_one() -> None:
    assert [part for kind, part, _ in sql_parts("((a))") if kind == "brackets"] == ["((", "))"]
    assert code_words("f((a))") == ["f", "(", "(", "a", ")", ")"]
    assert len(split_sql("SELECT ((((1))));" * 3)) == 3
