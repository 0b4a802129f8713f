import secrets
import threading
from contextlib import ExitStack

import psycopg
import pytest

from tests.app.template import shared_template

pytestmark = pytest.mark.database


def _databases(server: str) -> set[str]:
    with psycopg.connect(server) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_the_first_makes_it_and_the_last_drops_it(database_server: str) -> None:
    run = secrets.token_hex(8)
    with ExitStack() as stay:
        with shared_template(database_server, run) as first:
            assert stay.enter_context(shared_template(database_server, run)) == first
        assert first in _databases(database_server)
    assert first not in _databases(database_server)


def test_two_at_once_share_one(database_server: str) -> None:
    run, both = secrets.token_hex(8), threading.Barrier(2, timeout=300)
    found: list[str] = []

    def work() -> None:
        with shared_template(database_server, run) as name:
            both.wait()
            found.append(name)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert found == [f"template_{run}"] * 2
    assert found[0] not in _databases(database_server)


def test_what_could_not_be_made_whole_is_not_left(
    database_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_url: str) -> None:
        raise RuntimeError

    monkeypatch.setattr("tests.app.template.migrate", refuse)
    run = secrets.token_hex(8)
    with pytest.raises(RuntimeError), shared_template(database_server, run):
        pass
    assert f"template_{run}" not in _databases(database_server)
