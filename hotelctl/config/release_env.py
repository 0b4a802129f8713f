"""The whole environment that a release is started with, composed from its sources.

Later sources win: the service file's `[run.env]`, the environment's files, hotelctl's own process
environment (only for keys that the contract, the service file or those files name), values that the
caller gave, and last what hotelctl itself decides, such as the run-time role's database URL.
"""

import tomllib
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

from hotelctl.config.load import Configuration
from hotelctl.config.template import fill
from hotelctl.core.errors import UsageError

_HERE = frozenset({"", "localhost", "127.0.0.1", "[::1]", "::1"})
_PORT = "5432"
# As programs call PostgreSQL in front of a URL; servers of another kind listen elsewhere by themselves.
_POSTGRES = ("postg", "pg", "psql", "jdbc:postg")


def declared_keys(configuration: Configuration) -> tuple[frozenset[str], frozenset[str]]:
    """The contract's keys, and those of them that it calls secret; both empty without a contract.

    Raises:
        UsageError: the contract that the service file names is not there or cannot be read.

    """
    name = configuration.spec.env.contract
    if name is None:
        return frozenset(), frozenset()
    try:
        keys = tomllib.loads(contract_text(configuration, name)).get("keys", {})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{name}: the env contract is not TOML: {error}", f"mend {name}") from error
    if not isinstance(keys, dict):
        raise UsageError(f"{name}: keys is no table", "write one table a variable: [keys.NAME]")
    secret = {key for key, said in keys.items() if isinstance(said, dict) and said.get("secret")}
    return frozenset(keys), frozenset(secret)


def contract_text(configuration: Configuration, name: str) -> str:
    """What stands in the contract `name`. Raises `UsageError` when it is not there or no text."""
    path = configuration.project / name
    try:
        if not path.is_file():
            place = configuration.source("env.contract")
            raise UsageError(f"{place}: env.contract names {name}, which is not there", f"write {name}")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: is not UTF-8 (byte {error.start})", "save it as UTF-8") from error
    except OSError as error:
        hint = "give this user the right to read it"
        raise UsageError(f"{name}: cannot be read: {error.strerror}", hint) from error


def env_files(configuration: Configuration) -> tuple[Path, ...]:
    """The env files that are present, in the order in which they are read."""
    names = (*configuration.spec.env.files, *configuration.environment.env_files)
    return tuple(path for name in names if (path := configuration.project / name).is_file())


def compose(
    configuration: Configuration, values: Mapping[str, str], environ: Mapping[str, str]
) -> dict[str, str]:
    """Every variable of the release; `values` fill the templates of `[run.env]`."""
    said = configuration.spec.variables
    found = {key: fill(text, values, f"run.env.{key}") for key, text in said.items()}
    for path in env_files(configuration):
        found |= dict(_values(path))
    wanted = declared_keys(configuration)[0] | found.keys()
    if configuration.spec.database is not None:
        wanted |= {configuration.spec.database.url_env}
    return found | {key: environ[key] for key in wanted if key in environ} | dict(configuration.given)


def _values(path: Path) -> Iterator[tuple[str, str]]:
    from dotenv import dotenv_values  # noqa: PLC0415 - only where an env file is read

    # A check judges bytes that are no UTF-8; until then none is lost, as in the process environment.
    text = path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    parsed = dotenv_values(stream=StringIO(text), interpolate=True)
    return ((key, value) for key, value in parsed.items() if value is not None)


def with_role(url: str, role: str, password: str) -> str:
    """The same database as `url`, entered as `role`, whether the URL names the owner in front or behind."""
    scheme, authority, path, query = _split(url, "user", "password")
    host = authority.rpartition("@")[2]
    return f"{scheme}://{quote(role, safe='')}:{quote(password, safe='')}@{host}{path}{query}"


def with_database(url: str, name: str) -> str:
    """The same server and role as `url`, another database."""
    scheme, authority, _, query = _split(url, "dbname")
    return f"{scheme}://{authority}/{quote(name, safe='')}{query}"


def _split(url: str, *without: str) -> tuple[str, str, str, str]:
    """Scheme, authority, `/database`, and `?query` without some of its names, which would win.

    By hand: the library refuses passwords with brackets, and loses the `//` in front of a socket's path.
    """
    scheme, _, rest = url.partition("://")
    before, _, query = rest.partition("?")
    authority, slash, database = before.partition("/")
    pairs = [pair for pair in query.split("&") if pair and pair.partition("=")[0] not in without]
    return scheme, authority, slash + database, "?" + "&".join(pairs) if pairs else ""


def led_to(env: Mapping[str, str], variable: str, url: str) -> dict[str, str]:
    """`env` in which `variable` is `url`, and so is each other one that named the same database as it did.

    A program that finds its database by a second name, as one without a pooler, is not led to the first one.
    """
    own = env.get(variable, "")
    if not own or database_identity(own) == database_identity(url):
        return {**env, variable: url}
    old = database_identity(own)
    led = {
        name: value.partition("://")[0] + "://" + url.partition("://")[2]
        for name, value in env.items()
        if value.startswith("postgres") and "://" in value and database_identity(value) == old
    }
    return {**env, **led, variable: url}


def database_identity(url: str) -> str:
    """Which database `url` names, whoever enters it: server, port and name, sockets included."""
    _, authority, path, query = _split(url)
    named = parse_qs(query.removeprefix("?"))
    behind = (",".join(named.get(name, ())) for name in ("host", "port", "dbname"))
    return " ".join((authority.rpartition("@")[2], path, *behind))


def leads_to(value: str, url: str) -> bool:
    """Whether `value` is a URL that may lead to the database of `url`, however each of them spells it.

    One common server is enough; the usual port may be left out, and this machine has several names.
    """
    scheme = value.partition("://")[0]
    if "://" not in value or scheme in {"http", "https"}:
        return False
    (servers, name), (others, other) = _reached(value), _reached(url)
    return name == other and not servers.isdisjoint(others)


def _reached(url: str) -> tuple[frozenset[tuple[str, str]], str]:
    """Each server with its port, and the database."""
    scheme, authority, path, query = _split(url)
    named = parse_qs(query.removeprefix("?"))
    hosts = ",".join(named.get("host", (authority.rpartition("@")[2],)))
    usual = _PORT if scheme.lower().startswith(_POSTGRES) else scheme
    port = ",".join(named.get("port", (usual,)))
    name = named.get("dbname", (unquote(path.strip("/")),))[0]
    return frozenset(_server(unquote(host), port) for host in hosts.split(",")), name


def _server(text: str, port: str) -> tuple[str, str]:
    host, colon, own = text.lower().rpartition(":")
    if not colon or text.startswith("/") or not own.isdecimal() or (":" in host and not host.endswith("]")):
        host, own = text.lower(), port
    return "localhost" if host in _HERE else host, own
