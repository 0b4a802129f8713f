"""A deploy seen from outside: its own work stands behind, and nothing that people's requests go through."""

import os
import re
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.config.release_env import with_database
from tests.system.site import Site

pytestmark = pytest.mark.system

_USUAL = os.getpriority(os.PRIO_PROCESS, 0)
_BEHIND = min(19, _USUAL + 10)
_GUARD = "guard.py"
# By what stands in their command line.
_WORK = {
    "tests": re.compile(r"-m pytest -q"),
    "build": re.compile(r"-m hatchling build"),
    "dump": re.compile(r"pg_dump .*--format=directory"),
    "restore": re.compile(r"pg_restore .*--dbname"),
    "the old release on the copy": re.compile(r"guarded: .*-m plainsvc"),
}
_SERVES = {
    "supervisor": re.compile(r"hotelctl\.deploy\.targets\.supervisor"),
    "edge": re.compile(r"caddy run"),
    "release": re.compile(r"served: .*-m plainsvc"),
    "hotelctl": re.compile(r"-m hotelctl deploy"),
}

_ANY = ("pytest", "hatchling", "pg_dump", "pg_restore", "plainsvc", "hotelctl", "caddy")


def _fill(site: Site) -> None:
    """A dump and a restore take long enough to be seen."""
    url = with_database(EmbeddedPostgres(site.places.postgres).ensure(), "plain_notes")
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO notes (text) SELECT repeat(md5(n::text), 8) FROM generate_series(1, 150000) n"
        )


def _words(pid: str) -> str:
    """Its command line; empty for one that is gone, as psutil would tell, but soon enough for a short one."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _look(root: Path, seen: dict[str, set[int]]) -> None:
    """The nice values of all that runs for this checkout now."""
    for pid in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 - many times a second
        words = _words(pid)
        if _GUARD in words or not any(part in words for part in _ANY):
            continue
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            one = psutil.Process(int(pid))
            how = "guarded" if _GUARD in _words(str(one.ppid())) else "served"
            if str(root) in f"{words} {one.cwd()}":
                for name, pattern in (_WORK | _SERVES).items():
                    if pattern.search(f"{how}: {words}"):
                        seen[name].add(one.nice())


def test_a_deploy_leaves_the_machine_to_what_serves(served: Site) -> None:
    _fill(served)
    served.migrate()
    seen: dict[str, set[int]] = defaultdict(set)
    process = served.start("deploy", "--yes")
    while process.poll() is None:
        _look(served.root, seen)
    served.end(process, "deploy").expect(0)
    assert {name: seen[name] for name in _WORK} == {name: {_BEHIND} for name in _WORK}
    assert {name: seen[name] for name in _SERVES} == {name: {_USUAL} for name in _SERVES}
