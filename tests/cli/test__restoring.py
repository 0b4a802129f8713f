"""`backup restore` on both servers of the wheel: beside the database, and into its place."""

import json
import threading
from dataclasses import asdict
from typing import Any

import psycopg
import pytest

from hotelctl.adapters.host_lock import HostLock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_exchange import PostgresExchange
from hotelctl.cli import _restoring
from hotelctl.config.release_env import with_database
from hotelctl.core.errors import HotelctlError, Interrupted, Locked
from hotelctl.deploy.interrupted_restore import InterruptedRestore
from hotelctl.deploy.journal import Kind
from tests.cli.looked import wrote
from tests.cli.notes import LATE, Notes, aside, beside, guests, kept_aside, late, service
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.database
__all__ = ["beside", "service"]


def test_a_backup_is_restored_beside_the_database_and_found_again(service: Notes) -> None:
    name = late(service)
    told = service.facts("backup", "restore", name, "--quiet")
    assert (told["rows"], told["set_aside"]) == (2300, None)
    assert guests(service, told["database"]) == 2000
    assert guests(service) == 2000 + LATE
    assert service.facts("backup", "restore", name, "--quiet") == told
    service.sql("UPDATE guests SET name = 'rescued' WHERE id = 1", told["database"])
    code, _, err = service.run("backup", "restore", name, "--quiet")
    assert code == 10
    assert f"there is a database {told['database']} that is not what the backup holds: public.guests" in err
    assert service.sql("SELECT name FROM guests WHERE id = 1", told["database"]) == [("rescued",)]


def test_rows_written_since_are_lost_only_by_their_exact_number_and_stay_aside(service: Notes) -> None:
    name = late(service)
    service.sql("UPDATE rooms SET floor = 9 WHERE id <= 3; DELETE FROM rooms WHERE id > 298")
    for given in ((), ("--accept-data-loss", "4999"), ("--accept-data-loss", "0")):
        code, out, err = service.run("backup", "restore", name, "--swap", "--quiet", *given)
        assert code == 10
        assert "5,003 rows written since the backup would be lost" in err
        assert "nothing was changed" in err
        assert "the server's log grew since the backup: " in err
        assert "--accept-data-loss=5003 accepts that" in err
        lines = [line.split() for line in out.splitlines()]
        assert ["public.guests", "2000", "7000", "5000", "0"] in lines
        assert ["public.rooms", "300", "298", "3", "5"] in lines
    assert guests(service) == 2000 + LATE
    code, out, _ = service.run("backup", "restore", name, "--swap", "--quiet", "--format", "json")
    assert (code, '"rows": 5003' in out) == (10, True)

    told = service.facts("backup", "restore", name, "--swap", "--accept-data-loss", "5003", "--quiet")
    assert told["loss"]["rows"] == 5003
    assert told["loss"]["wal_bytes"] > 0
    assert told["set_aside"] == aside(service)
    kept_aside(service)
    second = {one["id"]: one for one in service.facts("backup", "list")}[told["second_backup"]]
    assert (second["state"], second["rows"]) == ("verified", 2000 + LATE + 298)


def test_nothing_written_since_needs_no_number(service: Notes) -> None:
    name = service.create()
    assert service.facts("backup", "restore", name, "--swap", "--quiet")["loss"]["rows"] == 0
    assert guests(service) == 2000


_GIVEN = """
CREATE ROLE {role}; GRANT CONNECT ON DATABASE {live} TO {role}; REVOKE TEMP ON DATABASE {live} FROM PUBLIC;
ALTER DATABASE {live} SET search_path TO public, pg_catalog; ALTER DATABASE {live} CONNECTION LIMIT 40;
ALTER ROLE {role} IN DATABASE {live} SET work_mem = '9MB'; COMMENT ON DATABASE {live} IS 'it''s ours'
"""
_ASKED = """
SELECT (SELECT array_agg(one::text ORDER BY one::text) FROM unnest(datacl) one),
  datconnlimit, datdba::regrole::text, shobj_description(oid, 'pg_database'),
  (SELECT array_agg(setrole::regrole::text || c ORDER BY setrole, c)
   FROM pg_db_role_setting, unnest(setconfig) c WHERE setdatabase = d.oid)
FROM pg_database d WHERE datname = current_database()
"""


def test_what_an_administrator_gave_the_database_is_given_to_the_restored_one(service: Notes) -> None:
    name = service.create()
    ((live,),) = service.sql("SELECT current_database()")
    role = f"r_{live[-12:]}"
    service.sql(_GIVEN.format(role=role, live=live))
    try:
        before = service.sql(_ASKED)
        assert f"{role}work_mem=9MB" in before[0][-1]
        service.facts("backup", "restore", name, "--swap", "--quiet")
        assert service.sql(_ASKED) == before
    finally:
        service.sql(f'DROP DATABASE "{aside(service)}" WITH (FORCE)', "postgres")
        service.sql(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_what_must_not_be_swapped_is_not(service: Notes) -> None:
    name = service.create()
    wrote(service.layout, FakeClock(), "20260301T120000000Z-aaaaaaaaaaaa", ("backup", Kind.INTENT, {}))
    code, _, err = service.run("backup", "restore", name, "--swap")
    assert (code, "is not over hint: hotelctl resume or hotelctl abort" in err) == (2, True), err
    manifest = service.layout.backup(name) / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"database": "', '"database": "db.example '))
    code, _, err = service.run("backup", "restore", name, "--swap")
    assert (code, "was taken of db.example /test_" in err) == (2, True), err
    assert service.run("backup", "restore", "nosuch")[0] == 2
    dump = service.layout.backup(name) / "dump" / "toc.dat"
    dump.write_bytes(dump.read_bytes()[:-1])
    before = service.databases()
    code, _, err = service.run("backup", "restore", name)
    assert (code, "dump/toc.dat has changed" in err) == (1, True), err
    assert service.databases() == before


def test_a_session_that_the_role_cannot_end_is_told_before_anything_is_backed_up(service: Notes) -> None:
    ((database,),) = service.sql("SELECT current_database()")
    role, owner = f"{database}_owner", service.url
    service.sql(f'CREATE ROLE {role} LOGIN CREATEDB; ALTER DATABASE "{database}" OWNER TO {role}')
    service.sql(f"ALTER TABLE guests OWNER TO {role}; ALTER TABLE rooms OWNER TO {role}")
    try:
        service.monkeypatch.setenv("NOTES_DATABASE_URL", owner.replace("//postgres@", f"//{role}@"))
        name = service.create()
        with psycopg.connect(owner):
            code, _, err = service.run("backup", "restore", name, "--swap")
        assert (code, f"sessions of {database} cannot be ended: " in err) == (10, True), err
        assert "grant this role pg_signal_backend" in err
        assert "[4/6]" not in err
        assert len(service.facts("backup", "list")) == 1
        service.sql("INSERT INTO rooms VALUES (9999, 1)")
        assert not service.layout.restore().exists()
    finally:
        service.sql(f"REASSIGN OWNED BY {role} TO postgres")
        for copy in (one for one in service.databases() if "_from_" in one):
            service.sql(f"REASSIGN OWNED BY {role} TO postgres", copy)
        service.sql(f"DROP ROLE {role}")


_SHOP = """
CREATE TABLE shop.sales (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE shop.bill (a int, b int); CREATE STATISTICS shop.s ON a, b FROM shop.bill;
CREATE TYPE shop.kind AS ENUM ('a'); CREATE DOMAIN shop.price AS int; CREATE SEQUENCE shop.number;
CREATE FUNCTION shop.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW shop.v AS SELECT 1 x;
"""


def test_what_is_in_the_database_keeps_its_owners(service: Notes) -> None:
    ((database,),) = service.sql("SELECT current_database()")
    role = f'{database} "app".'
    quoted = '"' + role.replace('"', '""') + '"'
    service.sql(f"CREATE ROLE {quoted} LOGIN; CREATE SCHEMA shop AUTHORIZATION {quoted}")
    try:
        service.sql(f"SET ROLE {quoted};{_SHOP}")
        service.sql(f"ALTER TABLE guests OWNER TO {quoted}; GRANT SELECT ON guests TO PUBLIC")
        name = service.create()
        service.sql(f"SET ROLE {quoted}; CREATE TABLE shop.later (id int)")
        owned = (
            "SELECT pg_describe_object(classid, objid, 0) FROM pg_shdepend WHERE deptype = 'o' AND dbid = "
        )
        owned += "(SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1"
        before = [one for one in service.sql(owned) if one != ("table shop.later",)]
        assert len(before) == 12
        service.facts("backup", "restore", name, "--swap", "--quiet")
        assert service.sql(owned) == before
        service.sql(f"SET ROLE {quoted}; INSERT INTO shop.sales DEFAULT VALUES; TRUNCATE guests")
    finally:
        for place in (database, *(one for one in service.databases() if "_before_" in one)):
            service.sql(f'ALTER DATABASE "{place}" RESET default_transaction_read_only', "postgres")
            service.sql(f"DROP OWNED BY {quoted} CASCADE", place)
        service.sql(f"DROP ROLE {quoted}")


def test_the_database_from_which_others_are_renamed_is_refused_at_once(service: Notes) -> None:
    service.monkeypatch.setenv("NOTES_DATABASE_URL", with_database(service.beside, "postgres"))
    name = service.create()
    before = service.databases()
    code, _, err = service.run("backup", "restore", name, "--swap")
    assert (code, "the database postgres cannot be renamed" in err) == (2, True), err
    assert service.databases() == before
    assert service.facts("backup", "restore", name)["database"].startswith("postgres_from_")


def test_a_service_that_comes_back_at_once_neither_writes_nor_hinders(service: Notes) -> None:
    name = late(service)
    stop = threading.Event()
    refused = []

    def insist() -> None:
        while not stop.is_set():
            try:
                with psycopg.connect(service.url, autocommit=True) as connection:
                    while not stop.is_set():
                        connection.execute("SELECT count(*) FROM rooms")
            except psycopg.Error as error:
                refused.append(error)

    clients = [threading.Thread(target=insist) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        service.facts("backup", "restore", name, "--swap", "--accept-data-loss", str(LATE), "--quiet")
    finally:
        stop.set()
        for client in clients:
            client.join()
    assert refused
    kept_aside(service)


def test_rows_that_come_in_between_are_not_lost(service: Notes) -> None:
    name = late(service)
    counted = _restoring._require_accepted

    def slow(*given: Any) -> None:  # noqa: ANN401 - whatever it is called with
        counted(*given)
        service.sql("INSERT INTO guests VALUES (90001, 'too late')")

    service.monkeypatch.setattr(_restoring, "_require_accepted", slow)
    code, _, err = service.run(
        "backup", "restore", name, "--swap", "--accept-data-loss", str(LATE), "--quiet"
    )
    assert code == 10
    assert "rows were written meanwhile: 5,001 rows would be lost now" in err
    service.sql("INSERT INTO guests VALUES (90002, 'written')")
    assert guests(service) == 2000 + LATE + 2


def _lost(service: Notes, when: str, of: type, error: HotelctlError) -> None:
    """The lock is lost, as `error` has it, as soon as that method of `of` has done its work."""
    act, back = getattr(of, when), list[bool]()
    require, lost = HostLock.require, list[bool]()

    def acted(*given: Any) -> Any:  # noqa: ANN401 - whatever it is called with, and says
        said = act(*given)
        lost.append(True)
        return said

    def asked(lock: HostLock) -> None:
        if lost and not (back and isinstance(error, Interrupted)):
            raise error
        require(lock)

    service.monkeypatch.setattr(of, when, acted)
    service.monkeypatch.setattr(HostLock, "require", asked)
    service.monkeypatch.setattr(HostLock, "turn_back", lambda _lock: back.append(True))


_SWAP = ("--swap", "--accept-data-loss", str(LATE), "--quiet")


def test_who_lost_the_lock_while_the_copy_is_furnished_swaps_nothing(service: Notes) -> None:
    name = late(service)
    _lost(service, "furnish", PostgresExchange, Locked("the environment is locked"))
    code, _, err = service.run("backup", "restore", name, *_SWAP)
    assert (code, "the environment is locked" in err) == (73, True), err
    assert guests(service) == 2000 + LATE
    assert not any("_before_" in one for one in service.databases())


def test_who_cannot_tell_whether_it_is_lost_opens_what_it_closed(service: Notes) -> None:
    name = late(service)
    _lost(service, "furnish", PostgresExchange, Interrupted("the lease ran out"))
    code, _, err = service.run("backup", "restore", name, *_SWAP)
    assert (code, "the lease ran out" in err) == (75, True), err
    service.sql("INSERT INTO guests VALUES (90001, 'written')")
    assert guests(service) == 2000 + LATE + 1


def test_who_lost_the_lock_while_the_copy_is_made_leaves_it_to_who_took_over(service: Notes) -> None:
    name = late(service)
    before = service.databases()
    _lost(service, "create", PostgresDatabases, Locked("the environment is locked"))
    code, _, err = service.run("backup", "restore", name, "--quiet")
    assert code == 73, err
    assert any("_from_" in one for one in set(service.databases()) - set(before))
    assert service.layout.restore().exists()


def test_both_names_change_or_neither(service: Notes) -> None:
    name = late(service)
    swap = PostgresExchange.swap

    def nowhere(exchange: PostgresExchange, url: str, _copy: str, aside: str) -> None:
        swap(exchange, url, "no such copy", aside)

    before = service.databases()
    service.monkeypatch.setattr(PostgresExchange, "swap", nowhere)
    code, _, err = service.run(
        "backup", "restore", name, "--swap", "--accept-data-loss", str(LATE), "--quiet"
    )
    assert (code, "no such copy" in err) == (10, True), err
    assert {one for one in service.databases() if "_from_" not in one} == before
    service.sql("INSERT INTO guests VALUES (90001, 'written')")


def test_an_interrupted_restore_in_a_world_that_somebody_changed_is_left_to_people(service: Notes) -> None:
    name = service.create()
    left = InterruptedRestore(name, "nosuch", "c", "a", 1, 2)
    service.layout.restore().write_text(json.dumps(asdict(left)))
    code, _, err = service.run("backup", "restore", name)
    assert (code, "nosuch is neither the database that it was nor c" in err) == (12, True), err
    service.layout.restore().write_text("{")
    code, _, err = service.run("backup", "restore", name)
    assert (code, "restore.json: cannot be read" in err) == (2, True), err


def test_what_was_left_closed_is_opened_while_the_database_of_state_is_away_and_nothing_is_begun(
    service: Notes,
) -> None:
    name = late(service)
    ((live, number),) = service.sql(
        "SELECT datname, oid::int8 FROM pg_database WHERE datname = current_database()"
    )
    service.sql(f'ALTER DATABASE "{live}" SET default_transaction_read_only = on', "postgres")
    left = InterruptedRestore(name, str(live), "copy", "aside", int(number), 2)
    service.layout.restore().write_text(json.dumps(asdict(left)))
    file = service.root / "hotelctl.toml"
    state = '[environments.local]\nstate_url = "postgresql://ana@127.0.0.1:1/state"\n'
    file.write_text(f"{file.read_text()}\n{state}")
    before = service.databases()
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        service.sql("INSERT INTO rooms VALUES (9999, 1)")
    code, _, err = service.run("backup", "restore", name, "--swap", "--accept-data-loss", str(LATE))
    assert (code, "before the swap: everybody may write again" in err) == (10, True), err
    assert "the settling of a restore goes on with this machine's own lock" in err
    assert "cannot be had: no database server answers" in err.partition("everybody may write again")[2]
    service.sql("INSERT INTO rooms VALUES (9999, 1)")
    assert not service.layout.restore().exists()
    assert service.databases() == before
