"""How a container reaches the database that this machine reaches: by network, or by what it is given."""

import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import zip_longest
from pathlib import Path
from urllib.parse import parse_qs, unquote

from hotelctl.core.containers import Bind
from hotelctl.core.errors import StepFailed

HERE = "host.docker.internal"
_THERE = {HERE: "host-gateway"}
_LOCALHOST = "localhost"
_PORT = "5432"
# Taken apart by hand: the library refuses passwords with brackets, and loses the // in front of no host.
_URL = re.compile(r"(?P<scheme>[^:]+)://(?P<server>[^/?]*)(?P<rest>/?[^?]*)\??(?P<query>.*)", re.DOTALL)
# Of an address without brackets the last number is no port.
_PORTED = re.compile(r"^(\[[^]]*\]|[^:]*):\d*$")
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
    """Whether a server that it names, be it one of several, is not reached by it from other machines."""
    return any(place.startswith("/") or _is_loopback(place) for place in _places(url))


def _places(url: str) -> list[str]:
    """The hosts, addresses and directories that it leads to: an address wins over the name beside it."""
    hit = _URL.fullmatch(url)
    if hit is None or not hit["scheme"].startswith("postgres"):
        return []
    named = parse_qs(hit["query"])
    given = ",".join(named.get("host") or [unquote(hit["server"].rpartition("@")[2])])
    names = [_PORTED.sub(r"\1", one) for one in given.split(",")]
    addresses = named.get("hostaddr", [""])[0].split(",")
    return [address or name for name, address in zip_longest(names, addresses, fillvalue="")]


def _parts(url: str) -> tuple[re.Match[str], re.Match[str], dict[str, list[str]], str] | None:
    """The URL and its server taken apart, its query, and which host or directory it names."""
    hit = _URL.fullmatch(url)
    server = _SERVER.fullmatch(hit["server"]) if hit else None
    if hit is None or server is None or not hit["scheme"].startswith("postgres"):
        return None
    named = parse_qs(hit["query"])
    return hit, server, named, named["host"][0] if "host" in named else unquote(server["host"])


def _is_loopback(place: str) -> bool:
    name = (place or _LOCALHOST).lower().strip("[].")
    with suppress(ValueError):
        address = ip_address(name)
        return address.is_loopback or address.is_unspecified
    return name == _LOCALHOST


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
