"""PostgreSQL addresses: from a URL to parameters, to words for people, to the environment of client tools."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from hotelctl.config.release_env import with_database
from hotelctl.core.errors import Unavailable

_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2", "postgresql+asyncpg")


def writing(url: str) -> str:
    """The same address for sessions that may write even where the database says that they only read."""
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}options=-c%20default_transaction_read_only%3Doff"


@dataclass(frozen=True)
class Address:
    """One database on one server. `str` of it is for people and holds no password."""

    url: str

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The connection parameters that the URL names.

        Raises:
            Unavailable: it is no PostgreSQL URL.

        """
        from psycopg import ProgrammingError  # noqa: PLC0415 - the driver loads libpq
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - same

        scheme, mark, rest = self.url.partition("://")
        if not mark or scheme not in _SCHEMES:
            raise Unavailable("the database URL does not begin with postgresql://")
        try:
            parsed = conninfo_to_dict(f"postgresql://{rest}")
        except ProgrammingError as error:
            # libpq quotes the URL, password included.
            raise Unavailable("the database URL is not well formed") from error
        return {name: str(value) for name, value in parsed.items() if value not in {None, ""}}

    @property
    def host(self) -> str:
        """Name, address or socket directory, as given."""
        return self.parameters.get("host") or self.parameters.get("hostaddr") or "the local socket"

    @property
    def database(self) -> str:
        """The database's name; libpq's default is the user's name."""
        return self.parameters.get("dbname") or self.user

    @property
    def user(self) -> str:
        """The role that logs in."""
        return self.parameters.get("user", "")

    @property
    def server(self) -> str:
        """`host:port`, or the socket's directory."""
        if self.host.startswith("/"):
            return self.host
        return f"{self.host}:{self.parameters.get('port', '5432')}"

    def at(self, database: str) -> "Address":
        """Another database on the same server, as the same role."""
        scheme, _, rest = self.url.partition("://")
        return Address(with_database(f"{scheme.split('+')[0]}://{rest}", database))

    def environment(self) -> dict[str, str]:
        """The same parameters as libpq's environment variables, for tools: no argument holds a password."""
        from psycopg.pq import Conninfo  # noqa: PLC0415 - the driver loads libpq

        names = {
            option.keyword.decode(): option.envvar.decode()
            for option in Conninfo.get_defaults()
            if option.envvar is not None
        }
        return {names[key]: value for key, value in self.parameters.items() if key in names}

    def target(self) -> Mapping[str, str]:
        """What evidence says of the server."""
        return {"server": self.server, "database": self.database, "user": self.user}

    def __str__(self) -> str:
        return f"{self.database} at {self.server}"
