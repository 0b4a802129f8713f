"""The lease of one environment: a row in PostgreSQL, taken and renewed by compare-and-set on its fence.

Time is the server's, so the clocks of the machines need not agree. The row stays when it is given back: the
next fence is higher than all before.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from hotelctl.adapters.postgres_connect import complaint, connected, limit
from hotelctl.adapters.postgres_url import Address
from hotelctl.core.errors import Unavailable
from hotelctl.core.holder import Holder

if TYPE_CHECKING:
    from psycopg import Connection

TERM_S = 15.0
_LIMIT_S = 4.0
# A network that swallows packets without a word must not keep anybody waiting for a quarter of an hour.
_UNHEARD = "tcp_user_timeout=4000"
_MAKING = 7_301_925_545
_MAKE = f"""
SELECT pg_advisory_xact_lock({_MAKING});
CREATE SCHEMA IF NOT EXISTS hotelctl;
CREATE TABLE IF NOT EXISTS hotelctl.lease (
  service text, environment text, fence bigint NOT NULL, place text NOT NULL, holder text NOT NULL,
  expires_at timestamptz NOT NULL, PRIMARY KEY (service, environment)
)
"""
# Whoever names the same place holds that machine's own lock, so the former holder there has ended.
_TAKE = f"""
INSERT INTO hotelctl.lease AS l (service, environment, fence, place, holder, expires_at)
VALUES (%(service)s, %(environment)s, %(fence)s, %(place)s, %(holder)s,
  clock_timestamp() + interval '{TERM_S} s')
ON CONFLICT (service, environment) DO UPDATE
SET fence = greatest(l.fence + 1, excluded.fence), place = excluded.place, holder = excluded.holder,
  expires_at = clock_timestamp() + interval '{TERM_S} s'
WHERE l.expires_at <= clock_timestamp() OR l.place = excluded.place
RETURNING fence
"""  # noqa: S608 - the term is a constant
# A row that somebody removed is put there again: nobody took it.
_RENEW = f"""
INSERT INTO hotelctl.lease AS l (service, environment, fence, place, holder, expires_at)
VALUES (%(service)s, %(environment)s, %(fence)s, %(place)s, %(holder)s,
  clock_timestamp() + interval '{TERM_S} s')
ON CONFLICT (service, environment) DO UPDATE
SET holder = excluded.holder, expires_at = clock_timestamp() + interval '{TERM_S} s'
WHERE l.fence = excluded.fence AND l.place = excluded.place
RETURNING fence
"""  # noqa: S608 - the term is a constant
_GIVE_BACK = """
UPDATE hotelctl.lease SET expires_at = clock_timestamp()
WHERE service = %(service)s AND environment = %(environment)s AND fence = %(fence)s
  AND place = %(place)s
"""
_LOOK = """
SELECT holder, fence, greatest(0, extract(epoch FROM expires_at - clock_timestamp())::float8)
FROM hotelctl.lease WHERE service = %(service)s AND environment = %(environment)s
"""
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Tenant:
    """Who has the lease or had it last, None where the row does not tell; it is over in `left_s` seconds."""

    holder: Holder | None
    left_s: float

    @property
    def held(self) -> bool:
        """Whether nobody else may take it now."""
        return self.left_s > 0


@dataclass(frozen=True, slots=True)
class Lease:
    """`url` is the state database's. Each call opens its own connection, so threads may share one.

    Every method raises `Unavailable` when the database cannot be asked.
    """

    url: str
    service: str
    environment: str

    @property
    def address(self) -> str:
        """The database, for people; also of a URL that is none."""
        try:
            return str(Address(self.url))
        except Unavailable:
            return "the database of state"

    def take(self, holder: Holder, place: str) -> int | None:
        """The fence under which it is `holder`'s, `holder.fence` at least; None while somebody else has it.

        `place` names the machine and the state directory whose own lock the caller holds.
        """
        return self._fence(_TAKE, holder, place)

    def renew(self, holder: Holder, place: str) -> bool:
        """It is `holder`'s for another term; False when somebody took it over, for ever."""
        return self._fence(_RENEW, holder, place) is not None

    def give_back(self, fence: int, place: str) -> None:
        """The next one may take it now; fine when somebody else has it."""
        said = {**self._key, "fence": fence, "place": place}
        self._asked(lambda connection: connection.execute(_GIVE_BACK.encode(), said))

    def tenant(self) -> Tenant | None:
        """Who has it or had it last; None when nobody ever had. Changes nothing."""
        from psycopg.errors import UndefinedTable  # noqa: PLC0415 - the driver loads libpq

        def look(connection: "Connection[Any]") -> Any:  # noqa: ANN401 - a row
            try:
                return connection.execute(_LOOK.encode(), self._key).fetchone()
            except UndefinedTable:
                return None

        row = self._asked(look)
        return None if row is None else Tenant(_read(str(row[0]), int(row[1])), float(row[2]))

    @property
    def _key(self) -> Mapping[str, Any]:
        return {"service": self.service, "environment": self.environment}

    def _fence(self, statement: str, holder: Holder, place: str) -> int | None:
        from psycopg.errors import UndefinedTable  # noqa: PLC0415 - the driver loads libpq

        said = {**self._key, "fence": holder.fence, "place": place, "holder": json.dumps(holder.to_json())}

        def ask(connection: "Connection[Any]") -> Any:  # noqa: ANN401 - a row
            try:
                return connection.execute(statement.encode(), said).fetchone()
            except UndefinedTable:
                connection.execute(_MAKE.encode())
                return connection.execute(statement.encode(), said).fetchone()

        row = self._asked(ask)
        return None if row is None else int(row[0])

    def _asked(self, ask: "Callable[[Connection[Any]], Found]") -> Found:
        with _words_of(Address(self.url)), connected(_impatient(self.url), autocommit=True) as connection:
            limit(connection, _LIMIT_S, of="session")
            return ask(connection)


def _impatient(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{_UNHEARD}"


@contextmanager
def _words_of(address: Address) -> Iterator[None]:
    from psycopg import Error  # noqa: PLC0415 - the driver loads libpq

    try:
        yield
    except Error as error:
        raise Unavailable(complaint(error, address)) from error


def _read(text: str, fence: int) -> Holder | None:
    try:
        return replace(Holder.from_json(json.loads(text)), fence=fence)
    except (ValueError, KeyError, TypeError):
        return None
