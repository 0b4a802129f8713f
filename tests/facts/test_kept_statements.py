# ruff: noqa: S608 - nothing here is sent anywhere

import json

import pytest

from hotelctl.facts import kept_statements
from hotelctl.facts.kept_statements import Kept, KeptStatements, chosen, kept_from_json
from hotelctl.facts.server_log import Heard

OWNER = "owner"


def kept(*said: Heard) -> tuple[Kept, ...]:
    return chosen(said, OWNER, frozenset({"paid"})).statements


def test_each_shape_is_kept_once_with_one_sample_and_no_value() -> None:
    said = [Heard("app", "SELECT id FROM t WHERE name = $1", (name,)) for name in ("Ada", "Bob")]
    assert kept(*said) == (Kept("SELECT id FROM t WHERE name = $1", ("Aaa",)),)
    texts = [
        Heard("app", f"SELECT id FROM t WHERE name = '{name}' AND s = 'paid'") for name in ("Ada", "Bob")
    ]
    assert kept(*texts) == (Kept("SELECT id FROM t WHERE name = 'Aaa' AND s = 'paid'"),)
    assert kept(Heard("app", "INSERT INTO t VALUES ($1, $2)", (None, "7"))) == (
        Kept("INSERT INTO t VALUES ($1, $2)", (None, "7")),
    )


def test_several_at_once_are_several() -> None:
    assert [one.sql for one in kept(Heard("app", "BEGIN; SELECT 1; UPDATE t SET a = 2;"))] == [
        "SELECT 1",
        "UPDATE t SET a = 2",
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "BEGIN",
        "SET x = 1",
        "CREATE TABLE t ()",
        "DROP DATABASE d",
        "COPY t FROM STDIN",
        "DO $$BEGIN END$$",
        "",
    ],
)
def test_only_what_reads_and_writes_rows_counts(sql: str) -> None:
    assert kept(Heard("app", sql)) == ()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
        "SELECT pg_catalog.PG_ADVISORY_LOCK(7)",
        "WITH a AS (SELECT pg_sleep(60)) SELECT 1 FROM a",
        "SELECT set_config('app.hotel', $1, true)",
        "SELECT * FROM dblink('...', '...') t (a int)",
        'SELECT "pg_terminate_backend"(pid) FROM pg_stat_activity',
        "SELECT net.http_post(url := $1, body := $2)",
        "SELECT aws_lambda.invoke($1, $2)",
    ],
)
def test_what_reaches_beyond_its_transaction_is_not_said_again(sql: str) -> None:
    assert kept(Heard("app", sql)) == ()


def test_where_a_role_of_the_service_spoke_the_owner_does_not_count() -> None:
    own, others = Heard(OWNER, "DELETE FROM t"), Heard("app", "SELECT id FROM t")
    assert [one.sql for one in kept(own, others)] == ["SELECT id FROM t"]
    assert [one.sql for one in kept(own)] == ["DELETE FROM t"]
    assert [one.sql for one in kept(own, Heard("app", "BEGIN"))] == ["DELETE FROM t"]
    assert [chosen(said, OWNER, ()).of_owner for said in ([own], [own, others])] == [True, False]


def test_what_looks_like_a_secret_in_a_name_is_left_out() -> None:
    assert kept(Heard("app", f'SELECT "ghp_{"a" * 36}" FROM t')) == ()


def test_there_is_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_statements, "MOST", 2)
    said = [Heard("app", f"SELECT a{n} FROM t") for n in range(5)]
    found = chosen(said, OWNER, ())
    assert ([one.sql for one in found.statements], found.left_out) == (
        ["SELECT a0 FROM t", "SELECT a1 FROM t"],
        3,
    )
    assert kept(Heard("app", f"SELECT {'a' * 9000}")) == ()


def test_it_is_read_as_it_was_written() -> None:
    one = KeptStatements((Kept("SELECT $1", (None, "1")), Kept("SELECT 1")), 4, of_owner=True)
    assert kept_from_json(json.dumps(one.to_json()).encode()) == one


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"statements": [{}], "left_out": 0}', '{"statements": 1}'])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"kept|Expecting"):
        kept_from_json(text.encode())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"schema": "hotelctl.statements/2"}, "'hotelctl.statements/2', and hotelctl.statements/1 is read"),
        ({"of_owner": "yes"}, "no kept statements"),
        ({"left_out": "4"}, "no kept statements"),
        ({"statements": {}}, "no kept statements"),
        ({"statements": [{"sql": "SELECT 1", "values": []}, "SELECT 1"]}, "statement 2 has no text and list"),
        ({"statements": [{"sql": 1, "values": []}]}, "statement 1 has no text and list"),
        ({"statements": [{"sql": "SELECT $1", "values": "ab"}]}, "statement 1 has no text and list"),
        ({"statements": [{"sql": "SELECT $1", "values": [7]}]}, "statement 1 has a value that is no text"),
        ({"statements": [{"sql": "SELECT $1", "values": [["a"]]}]}, "statement 1 has a value that is no"),
    ],
)
def test_what_is_no_text_is_refused_by_its_place(change: dict[str, object], why: str) -> None:
    written = {**KeptStatements((Kept("SELECT $1", ("1",)),)).to_json(), **change}
    with pytest.raises(ValueError, match=why):
        kept_from_json(json.dumps(written).encode())
