"""A throw-away server, and on it as many databases of `base.sql` as are asked for."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from benchmarks.planted.migrations.cases import BASE, HERE, ROWS
from hotelctl.adapters.embedded import EmbeddedPostgres

FILLED, DOUBLED, EMPTY, PLAIN = "filled", "doubled", "empty", "plain"
_SIZES = {FILLED: 2000, DOUBLED: 4000, EMPTY: 0}
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


class Shops:
    """Databases on the server at `url`, whose superuser it must be."""

    def __init__(self, url: str) -> None:
        """Make those that are copied; `PLAIN` has neither rows nor anybody who watches."""
        self._url = url
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(PLAIN)))
        with psycopg.connect(self._of(PLAIN), autocommit=True) as connection:
            connection.execute(BASE.read_bytes())
        for name, rows in _SIZES.items():
            self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            with psycopg.connect(self._of(name), autocommit=True) as connection:
                connection.execute(BASE.read_bytes())
                if rows:
                    connection.execute(sql.SQL("SET shop.rows = {}").format(rows))
                    connection.execute(ROWS.read_bytes())
                    connection.execute("ANALYZE")
                connection.execute((HERE / "watch.sql").read_bytes())

    @contextmanager
    def fresh(self, template: str) -> Iterator[str]:
        """The URL of a copy of `FILLED`, `DOUBLED`, `EMPTY` or `PLAIN`, dropped at the end."""
        name = sql.Identifier("shop")
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template)))
        try:
            yield self._of("shop")
        finally:
            self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def _of(self, name: str) -> str:
        return make_url(self._url).set(database=name).render_as_string(hide_password=False)

    def _execute(self, words: sql.Composed) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(words)


@contextmanager
def shops(major: int = 18) -> Iterator[Shops]:
    """On a server of the wheel, 16 or 18, which is gone afterwards.

    Raises:
        Unavailable: the wheel is not installed.

    """
    with tempfile.TemporaryDirectory(prefix="shops-") as held:
        server = EmbeddedPostgres(Path(held) / "postgres", _FAST, major=major)
        try:
            yield Shops(server.ensure())
        finally:
            server.stop()
