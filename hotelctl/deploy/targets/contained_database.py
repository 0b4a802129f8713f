"""How a container reaches the database that this machine reaches: by network, or by what it is given."""

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote

from hotelctl.core.containers import Bind
from hotelctl.core.errors import StepFailed

HERE = "host.docker.internal"
_THERE = {HERE: "host-gateway"}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
_PORT = "5432"
# Taken apart by hand: the library refuses passwords with brackets, and loses the // in front of no host.
_URL = re.compile(r"(?P<scheme>[^:]+)://(?P<server>[^/?]*)(?P<rest>/?[^?]*)\??(?P<query>.*)", re.DOTALL)
_SERVER = re.compile(r"(?P<who>.*@)?(?P<host>\[[^]]*\]|[^:]*)(?P<port>:\d+)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Way:
    """The URL as the container has it, what it is given of this machine's files, and the names it knows."""

    url: str
    binds: tuple[Bind, ...] = ()
    hosts: Mapping[str, str] = field(default_factory=dict)


def way(url: str) -> Way:
    """The way to the server that `url` names.

    Raises:
        StepFailed: its socket is not there, or others may not be let to it.

    """
    parts = _parts(url)
    if parts is None:
        return Way(url)
    hit, server, named, place = parts
    if place.startswith("/"):
        port = named.get("port", ((server["port"] or _PORT).lstrip(":"),))[0]
        return Way(url, (_socket(Path(place), port),))
    if not _is_loopback(place):
        return Way(url)
    if "host" in named:
        pairs = [one for one in hit["query"].split("&") if one.partition("=")[0] != "host"]
        query = "&".join([*pairs, f"host={HERE}"])
        return Way(f"{hit['scheme']}://{hit['server']}{hit['rest']}?{query}", hosts=_THERE)
    at_port = f"{server['who'] or ''}{HERE}{server['port'] or ''}"
    query = f"?{hit['query']}" if hit["query"] else ""
    return Way(f"{hit['scheme']}://{at_port}{hit['rest']}{query}", hosts=_THERE)


def only_here(url: str) -> bool:
    """Whether it names a server that programs of other machines do not reach by it."""
    parts = _parts(url)
    return parts is not None and (parts[3].startswith("/") or _is_loopback(parts[3]))


def _parts(url: str) -> tuple[re.Match[str], re.Match[str], dict[str, list[str]], str] | None:
    """The URL and its server taken apart, its query, and which host or directory it names."""
    hit = _URL.fullmatch(url)
    server = _SERVER.fullmatch(hit["server"]) if hit else None
    if hit is None or server is None or not hit["scheme"].startswith("postgres"):
        return None
    named = parse_qs(hit["query"])
    return hit, server, named, named["host"][0] if "host" in named else unquote(server["host"])


def _is_loopback(place: str) -> bool:
    return (place or "localhost").lower() in _LOOPBACK


def _socket(directory: Path, port: str) -> Bind:
    """The directory where anybody may enter it, so that a new server is found; else the socket alone.

    A private directory goes on keeping everybody else of this machine out: the container has no other way
    to the socket than by what is given to it.
    """
    path = directory / f".s.PGSQL.{port}"
    try:
        if directory.stat().st_mode & stat.S_IXOTH:
            return Bind(str(directory), str(directory))
        path.chmod(0o777)
    except OSError as error:
        raise StepFailed(
            f"a container cannot be given the database's socket {path}: {error.strerror}",
            "name the database by a host that containers reach, too",
        ) from error
    return Bind(str(path), str(path))
