import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import Limits, PostgresDatabases
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.process import LocalProcesses
from hotelctl.core.dumped import Checksum, TableCount
from hotelctl.core.errors import Locked, StepFailed, Unavailable
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.database

SCHEMA = """
CREATE TABLE plain (id int PRIMARY KEY, "weird ""name" text, at timestamptz DEFAULT now(), amount float8);
INSERT INTO plain SELECT n, 'row ' || n, '2026-03-01 12:00+01', n / 3.0 FROM generate_series(1, 500) n;
CREATE SCHEMA "Other";
CREATE TABLE "Other"."Mixed Case" (counted text);
INSERT INTO "Other"."Mixed Case" VALUES ('twice'), ('twice'), (NULL);
CREATE TABLE parted (k int, v text) PARTITION BY LIST (k);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2);
INSERT INTO parted VALUES (1, 'a'), (2, 'b'), (2, 'c');
CREATE TABLE nothing ();
CREATE VIEW seen AS SELECT count(*) FROM plain;
CREATE SEQUENCE numbers;
"""


@pytest.fixture
def role(databases: PostgresDatabases, database_url: str) -> Iterator[str]:
    name = f"r_{urlsplit(database_url).path[-12:]}"
    databases.execute(database_url, f"CREATE ROLE {name} NOLOGIN")
    yield name
    databases.execute(database_url, f"DROP OWNED BY {name}; DROP ROLE {name}")


def _login(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{user}:{password}@{parts.netloc.rpartition('@')[2]}").geturl()


def _beside(databases: PostgresDatabases, url: str) -> str:
    return databases.create(url, Address(url).database + "_b")


def test_a_question_and_its_record(
    databases: PostgresDatabases, database_url: str, evidence: FakeEvidence
) -> None:
    rows = databases.query(database_url, "SELECT n, n * 2 AS twice FROM generate_series(1, %s) n", (3,))
    assert rows.columns == ("n", "twice")
    assert rows.values[2] == (3, 6)
    record = evidence.of("postgres")[-1]
    assert record["id"] == rows.evidence
    assert (record["operation"], record["rows"], record["params"]) == ("query", 3, 1)
    assert record["target"]["database"] == Address(database_url).database
    assert evidence.outputs[rows.evidence].splitlines()[0] == '{"n": 1, "twice": 2}'
    assert databases.query(database_url, "SELECT '100%' AS p").values == (("100%",),)


def test_a_question_cannot_change_anything(databases: PostgresDatabases, database_url: str) -> None:
    with pytest.raises(Unavailable, match="read-only transaction"):
        databases.query(database_url, "CREATE TABLE t ()")


def test_a_question_has_a_limit_in_time_and_rows(
    processes: LocalProcesses, evidence: FakeEvidence, database_url: str
) -> None:
    hasty = PostgresDatabases(processes, evidence, SystemClock(), Limits(query_s=0.2))
    with pytest.raises(Unavailable, match=r"statement timeout .* limit 0\.2 s"):
        hasty.query(database_url, "SELECT pg_sleep(60)")
    databases = PostgresDatabases(processes, evidence, SystemClock(), Limits(rows=5))
    assert len(databases.query(database_url, "SELECT generate_series(1, 100)").values) == 5


def test_of_a_statement_that_fills_a_book_the_record_has_the_begin_and_the_digest(database_url: str) -> None:
    evidence = FakeEvidence()
    one = PostgresDatabases(LocalProcesses(evidence, SystemClock(), {}), evidence, SystemClock())
    book = "SELECT 1;\n" * 120_000
    one.execute(database_url, book)
    told = evidence.records[-1]["statement"]
    assert told.startswith("SELECT 1;\nSELECT 1;")
    assert told.endswith(f";\n... of {len(book)} characters, sha256 {sha256(book.encode()).hexdigest()}")
    assert len(told) < len(book)


def test_several_statements_are_all_done_or_none(databases: PostgresDatabases, database_url: str) -> None:
    databases.execute(database_url, "CREATE TABLE a (x int); INSERT INTO a VALUES (1); CREATE TABLE b ()")
    with pytest.raises(StepFailed, match=r"division by zero \(22012\)"):
        databases.execute(database_url, "INSERT INTO a VALUES (2); SELECT 1 / 0")
    databases.execute(database_url, "INSERT INTO a VALUES (%s)", (7,))
    assert databases.query(database_url, "SELECT x FROM a ORDER BY x").values == ((1,), (7,))


def test_each_failure_to_log_in_has_its_own_line_without_the_password(
    databases: PostgresDatabases, database_url: str, role: str, evidence: FakeEvidence
) -> None:
    cases = {
        "postgresql://u:hunter2secret@127.0.0.1:1/d": "answers at 127.0.0.1:1: connection refused",
        "postgresql://u:hunter2secret@nosuch.invalid/d": "nosuch.invalid:5432: the name is not known",
        "postgresql://u:hunter2secret@/d?host=/nowhere": "answers at /nowhere: there is no socket",
        Address(database_url).at("absent").url: 'has no database "absent"',
        _login(database_url, "absent", "hunter2secret"): 'has no role "absent"',
        _login(database_url, role, "hunter2secret"): f'the role "{role}" may not log in',
        "mysql://u:hunter2secret@h/d": "does not begin with postgresql://",
        "postgresql://u:hunter2secret@h/d?nonsense=1": "is not well formed",
    }
    for url, words in cases.items():
        with pytest.raises(Unavailable) as refused:
            databases.query(url, "SELECT 1")
        assert words in refused.value.reason
        assert "\n" not in refused.value.reason
        assert "hunter2secret" not in f"{refused.value.reason}{evidence.records}"


def test_urls_of_the_service_s_own_dialect_are_understood(
    databases: PostgresDatabases, database_url: str
) -> None:
    assert database_url.startswith("postgresql://")
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    assert databases.query(url, "SELECT 1").values == ((1,),)
    made = databases.create(url, f"{Address(url).database} ü")
    try:
        assert made.startswith("postgresql://")
        assert databases.query(made, "SELECT current_database()").values[0][0].endswith(" ü")
    finally:
        databases.drop(url, f"{Address(url).database} ü")


def test_create_and_drop_can_be_repeated_and_drop_throws_people_out(
    databases: PostgresDatabases, database_url: str
) -> None:
    first = _beside(databases, database_url)
    databases.execute(first, "CREATE TABLE kept ()")
    assert _beside(databases, database_url) == first
    assert databases.query(first, "SELECT to_regclass('kept') IS NOT NULL").values == ((True,),)
    with psycopg.connect(first) as somebody:
        databases.drop(first, Address(first).database)
        databases.drop(database_url, Address(first).database)
        with pytest.raises(psycopg.OperationalError):
            somebody.execute("SELECT 1")


def test_a_new_database_has_its_neighbour_s_locale(databases: PostgresDatabases, database_url: str) -> None:
    asked = """SELECT encoding, datcollate, datctype, datlocprovider::text FROM pg_database
               WHERE datname = current_database()"""
    made = _beside(databases, database_url)
    try:
        assert databases.query(made, asked).values == databases.query(database_url, asked).values
    finally:
        databases.drop(database_url, Address(made).database)


def test_a_role_logs_in_with_a_password_that_was_never_sent(
    databases: PostgresDatabases, database_url: str, role: str, evidence: FakeEvidence
) -> None:
    databases.allow_login(database_url, role, "pass'word 100%")
    asked = "SELECT rolcanlogin, rolpassword FROM pg_authid WHERE rolname = %s"
    [(may, stored)] = databases.query(database_url, asked, (role,)).values
    assert may
    assert stored.startswith("SCRAM-SHA-256$")
    assert "pass'word" not in str(evidence.records)
    with pytest.raises(StepFailed, match=r"nosuch.*does not exist"):
        databases.allow_login(database_url, "nosuch", "password")


def test_a_dump_restores_to_the_same_counts_and_schema(
    databases: PostgresDatabases, database_url: str, tmp_path: Path, role: str
) -> None:
    databases.execute(database_url, SCHEMA)
    databases.execute(
        database_url, f"GRANT SELECT ON plain TO {role}; ALTER TABLE plain ENABLE ROW LEVEL SECURITY"
    )
    dumped = databases.dump(database_url, tmp_path / "backup" / "dump")
    counts = dumped.tables
    assert {name: one.rows for name, one in counts.items()} == {
        "Other.Mixed Case": 3,
        "public.nothing": 0,
        "public.parted_1": 1,
        "public.parted_2": 2,
        "public.plain": 500,
    }
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["dump"]
    copy = _beside(databases, database_url)
    try:
        databases.restore(tmp_path / "backup" / "dump", copy)
        assert databases.counts(copy) == counts == databases.counts(database_url)
        assert databases.schema(copy) == databases.schema(database_url) == dumped.schema
        assert f"GRANT SELECT ON TABLE public.plain TO {role}" in databases.schema(copy)
        databases.execute(copy, "UPDATE plain SET amount = amount + 1e-9 WHERE id = 77")
        assert {k for k, v in databases.counts(copy).items() if v != counts[k]} == {"public.plain"}
        with pytest.raises(StepFailed, match=r"cannot be restored into .*already exists"):
            databases.restore(tmp_path / "backup" / "dump", copy)
    finally:
        databases.drop(database_url, Address(copy).database)


def test_the_checksum_knows_no_order_but_sees_what_is_there_twice(
    databases: PostgresDatabases, database_url: str
) -> None:
    databases.execute(
        database_url,
        "CREATE TABLE a (x text); CREATE TABLE b (x text); CREATE TABLE c (x text);"
        "INSERT INTO a VALUES ('1'), ('2'), ('2'); INSERT INTO b VALUES ('2'), ('1'), ('2');"
        "INSERT INTO c VALUES ('1'), ('1'), ('2')",
    )
    counts = databases.counts(database_url)
    assert counts["public.a"] == counts["public.b"]
    assert counts["public.a"].checksum != counts["public.c"].checksum
    assert isinstance(counts["public.a"], TableCount)


def test_the_checksum_tells_a_missing_value_from_an_empty_one_and_sees_the_last_of_many_columns(
    databases: PostgresDatabases, database_url: str
) -> None:
    many = ", ".join(f"c{n} text" for n in range(120))
    databases.execute(database_url, f'CREATE TABLE "wi""de" ({many})')
    databases.execute(
        database_url,
        """CREATE TABLE bare (); CREATE TABLE pair (x text, "a b" text);
        INSERT INTO "wi""de" (c119) VALUES ('1'); INSERT INTO bare DEFAULT VALUES;
        INSERT INTO pair VALUES (NULL, ''), ('ab', 'c')""",
    )
    before = databases.counts(database_url)
    assert {name: one.rows for name, one in before.items()} == {
        'public.wi"de': 1,
        "public.bare": 1,
        "public.pair": 2,
    }
    for change in (
        """UPDATE "wi""de" SET c119 = '2'""",
        "UPDATE pair SET x = '', \"a b\" = NULL WHERE x IS NULL",
        "UPDATE pair SET x = 'a', \"a b\" = 'bc' WHERE x = 'ab'",
    ):
        databases.execute(database_url, change)
        after = databases.counts(database_url)
        assert [name for name in after if after[name] != before[name]] == [
            'public.wi"de' if "wi" in change else "public.pair"
        ]
        before = after


def test_a_backup_of_an_earlier_version_is_compared_by_the_checksum_that_it_was_made_with(
    databases: PostgresDatabases, database_url: str
) -> None:
    databases.execute(database_url, "CREATE TABLE a (x text, n numeric); INSERT INTO a VALUES ('1,', 1.50)")
    sums = databases.counts(database_url, checksum=Checksum.ROW)
    whole = 'SELECT hashtextextended((a.*)::text COLLATE "C", 0)::text, (a.*)::text FROM a'
    [(checksum, said)] = databases.query(database_url, whole).values
    assert said == '("1,",1.50)'
    assert sums["public.a"].checksum == checksum != databases.counts(database_url)["public.a"].checksum


def test_a_dump_and_its_counts_are_of_one_snapshot_while_others_write(
    databases: PostgresDatabases, database_url: str, tmp_path: Path
) -> None:
    databases.execute(database_url, "CREATE TABLE busy (n bigserial, t text)")
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            while not stop.is_set():
                connection.execute("INSERT INTO busy (t) VALUES (repeat('x', 100))")
                written.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(60)
        counts = databases.dump(database_url, tmp_path / "dump").tables
        written.clear()
        assert written.wait(60)
        later = databases.counts(database_url)
    finally:
        stop.set()
        writer.join()
    copy = _beside(databases, database_url)
    try:
        databases.restore(tmp_path / "dump", copy)
        assert databases.counts(copy) == counts
        assert later["public.busy"].rows > counts["public.busy"].rows > 0
    finally:
        databases.drop(database_url, Address(copy).database)


def test_a_role_that_sees_only_some_rows_cannot_dump_or_count(
    databases: PostgresDatabases, database_url: str, role: str, tmp_path: Path
) -> None:
    databases.execute(
        database_url,
        "CREATE TABLE guests (id int); INSERT INTO guests VALUES (1);"
        "ALTER TABLE guests ENABLE ROW LEVEL SECURITY",
    )
    databases.execute(database_url, f"GRANT SELECT ON guests TO {role}")
    databases.allow_login(database_url, role, "a-password")
    url = _login(database_url, role, "a-password")
    with pytest.raises(StepFailed, match="row-level security"):
        databases.counts(url)
    with pytest.raises(StepFailed, match="row-level security"):
        databases.dump(url, tmp_path / "dump")
    assert list(tmp_path.iterdir()) == []


def test_no_password_stands_in_an_argument(
    databases: PostgresDatabases, database_url: str, evidence: FakeEvidence, tmp_path: Path
) -> None:
    if urlsplit(database_url).password:
        pytest.skip("the given server wants its own password")
    url = _login(database_url, Address(database_url).user, "hunter2secret")
    databases.dump(url, tmp_path / "dump")
    assert "--snapshot=" in str(evidence.of("process"))
    assert "hunter2secret" not in str(evidence.records)


def test_a_failed_dump_leaves_nothing(
    databases: PostgresDatabases, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dump.part").mkdir()
    (tmp_path / "dump.part" / "left by a crash").write_text("x")
    databases.dump(database_url, tmp_path / "dump")
    assert [path.name for path in tmp_path.iterdir()] == ["dump"]
    monkeypatch.setattr("hotelctl.adapters.postgres_dump._JOBS", "--jobs=nonsense")
    with pytest.raises(StepFailed, match="cannot be dumped"):
        databases.dump(database_url, tmp_path / "second")
    assert [path.name for path in tmp_path.iterdir()] == ["dump"]
    (tmp_path / "dump" / "toc.dat").write_bytes(b"garbage")
    with pytest.raises(StepFailed, match="cannot be restored"):
        databases.restore(tmp_path / "dump", database_url)


def test_a_server_that_dies_in_the_middle_of_a_question_is_unavailable(
    databases: PostgresDatabases, database_url: str
) -> None:
    with pytest.raises(Unavailable):
        databases.query(database_url, "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(1)")
    with pytest.raises(Unavailable):
        databases.execute(database_url, "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(1)")


def test_what_changes_data_is_asked_for_first_before_each_statement(
    databases: PostgresDatabases, database_url: str
) -> None:
    asked = list[int]()

    def allowed() -> None:
        asked.append(1)
        if len(asked) > 1:
            raise Locked("taken over")

    databases.only_while(allowed)
    with pytest.raises(Locked, match="taken over"):
        databases.execute_each(database_url, ["CREATE TABLE one ()", "CREATE TABLE two ()"])
    with pytest.raises(Locked, match="taken over"):
        databases.execute(database_url, "CREATE TABLE three ()")
    assert databases.query(
        database_url,
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    ).values == (("one",),)
