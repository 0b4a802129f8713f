import pytest

from hotelctl.facts.masked_sql import masked, masked_value, shape, words_of

WORDS = frozenset({"paid", "login_ok"})


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("Ada@Hotel.example", "Aaa@Aaaaa.aaaaaaa"),
        ("Ünal 204", "Aaaa 111"),
        ("2026-11-30 20:49:20.224137+00", "1111-11-11 11:11:11.111111+11"),
        ("01a22ba4-f2c8-700f-a4f1-1de3a6a5dd0a", "11a11aa1-a1a1-111a-a1a1-1aa1a1a1aa1a"),
        (r"\x859ab6", r"\x111aa1"),
        ("203.0.113.9", "111.1.111.1"),
        ("-1234.50", "-1111.11"),
        ('{"vip": true, "name": null, "n": "true love"}', '{"aaa": true, "aaaa": null, "a": "true aaaa"}'),
        ("{ada,bob}", "{aaa,aaa}"),
    ],
)
def test_a_value_becomes_another_one_of_its_form(value: str, other: str) -> None:
    assert masked_value(value, WORDS) == other


@pytest.mark.parametrize(
    "value",
    ["", "7", "-99", "0.5", "t", "false", "30 days", "60 s", "365d", "hour", "UTC", "paid", "login_ok", "[]"],
)
def test_what_everybody_knows_and_words_of_the_schema_stay(value: str) -> None:
    assert masked_value(value, WORDS) == value


@pytest.mark.parametrize(
    ("sql", "other"),
    [
        (
            "SELECT id -- of Ada\n  FROM  t /* Bob */ WHERE name = 'O''Neil' AND n > 1234 LIMIT 20",
            "SELECT id FROM t WHERE name = 'A''Aaaa' AND n > 1111 LIMIT 20",
        ),
        ("UPDATE orders1234 SET status = 'paid' WHERE id = $123", None),
        ("SELECT E'a\\'b\\n', \"Ada\" FROM t", "SELECT 'aaaa', \"Ada\" FROM t"),
        ("SELECT now() - interval '1 day'", None),
    ],
)
def test_a_statement_keeps_its_names(sql: str, other: str | None) -> None:
    assert masked(sql, WORDS) == (other or sql)


@pytest.mark.parametrize("sql", ["SELECT $$Ada$$", "SELECT 'Ada", "SELECT $a$ it $a$, 1"])
def test_what_may_hold_anything_is_left_out(sql: str) -> None:
    assert masked(sql, WORDS) is None


def test_statements_that_differ_in_values_alone_have_one_shape() -> None:
    one, other = (
        "SELECT a1 FROM t WHERE b IN ('x', 'y') AND c = 1",
        "SELECT a1 FROM t WHERE b IN ('z') AND c = 22",
    )
    assert shape(one) == shape(other) == "SELECT a1 FROM t WHERE b IN (?) AND c = ?"
    assert shape("SELECT a=1,2") == "SELECT a=?"
    assert shape("SELECT $1") != shape("SELECT $2")


def test_words_of_the_schema_stand_in_quotes() -> None:
    source = """op.add_column("t", "kind"); sa.CheckConstraint("state IN ('open', 'shut')")  # by Ada"""
    assert {"t", "kind", "open", "shut"} <= words_of([source])
    assert "Ada" not in words_of([source])


def test_words_of_the_schema_are_made_by_it() -> None:
    source = 'CREATE SEQUENCE numbers; create unlogged table IF NOT EXISTS old."Notes" (Ada text)'
    assert words_of([source]) == {"numbers", "old", "Notes"}
    assert masked_value("old.numbers", words_of([source])) == "old.numbers"
    assert masked_value("ada.numbers", words_of([source])) == "aaa.aaaaaaa"
