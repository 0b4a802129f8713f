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
    with ExitStack() as stay:
        with shared_template(database_server, "own") as first:
            assert stay.enter_context(shared_template(database_server, "own")) == first
        assert first in _databases(database_server)
    assert first not in _databases(database_server)


def test_two_at_once_share_one(database_server: str) -> None:
    both = threading.Barrier(2, timeout=60)
    found: list[str] = []

    def work() -> None:
        with shared_template(database_server, "both") as name:
            both.wait()
            found.append(name)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert found == ["template_both"] * 2
    assert "template_both" not in _databases(database_server)


def test_what_could_not_be_made_whole_is_not_left(
    database_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_url: str) -> None:
        raise RuntimeError

    monkeypatch.setattr("tests.app.template.migrate", refuse)
    with pytest.raises(RuntimeError), shared_template(database_server, "half"):
        pass
    assert "template_half" not in _databases(database_server)
