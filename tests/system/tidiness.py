"""What must not be left by an operation, however it was interrupted: processes, databases, files, locks."""

import fcntl
import json
import os
import re
import time
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.config.service import ServiceSpec
from hotelctl.deploy.targets import berth
from hotelctl.deploy.targets.process import ProcessTarget
from tests.system.site import Site

_PATIENCE_S = 60.0
WARM = 2  # what serves, and the one before it
_CONTAINED = re.compile(rb"/docker[/-]([0-9a-f]{64})")
_NOT_OURS = {"venv", "cache", "pgdata", "source"}


@dataclass(frozen=True, slots=True)
class Process:
    """One running process that has to do with a checkout."""

    pid: int
    role: str
    words: str


def processes(site: Site) -> tuple[Process, ...]:
    """Every process whose directory, command line or environment names the checkout, with its role."""
    releases = site.wharf.releases() if site.wharf else {}
    numbers = (int(place.name) for place in Path("/proc").iterdir() if place.name.isdigit())
    found = (_process(site, pid, releases) for pid in numbers)
    return tuple(one for one in found if one is not None)


def _process(site: Site, pid: int, releases: Mapping[str, str]) -> Process | None:
    place = Path("/proc", str(pid))
    try:
        cwd = str((place / "cwd").readlink())
        line = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        environ = (place / "environ").read_bytes()
        state = (place / "stat").read_bytes().rpartition(b")")[2].split()[0]
        contained = _CONTAINED.search((place / "cgroup").read_bytes())
    except OSError:
        return None
    if contained and (release := releases.get(contained[1].decode())):
        return Process(pid, f"release {release}", line)
    named = any(str(site.root) in text for text in (cwd, line)) or str(site.root).encode() in environ
    if not named or state in {b"Z", b"X"} or pid == os.getpid():
        return None
    return Process(pid, _role(site, cwd, line), line or f"[{cwd}]")


def _role(site: Site, cwd: str, line: str) -> str:
    releases = site.state / "releases"
    if cwd == str(site.places.postgres):
        return "postgres"
    if cwd == str(site.places.edge) and "caddy" in line:
        return "edge"
    if line.endswith(f"hotelctl.deploy.targets.supervisor {site.places.supervisor}"):
        return "supervisor"
    if Path(cwd).parent == releases and " -m plainsvc " in line:
        return f"release {Path(cwd).name}"
    return "stray"


def assert_nothing_runs(site: Site) -> None:
    """No process has to do with the checkout any more."""
    left = _settled(site, lambda found: not found)
    assert not left, left


def assert_tidy(site: Site, may: Collection[str], *, must: Collection[str] = ()) -> None:
    """Only what serves runs: of the releases `may`, all of `must` and at most one more."""
    fixed = {"postgres", "edge", "supervisor", *_named(must)}

    def wanted(found: tuple[Process, ...]) -> bool:
        roles = [one.role for one in found if one.role != "postgres"]
        warm = [role for role in roles if role.startswith("release ")]
        allowed = fixed | _named(may)
        return (
            len(roles) == len(set(roles)) and len(warm) <= WARM and fixed <= {*roles, "postgres"} <= allowed
        )

    left = _settled(site, wanted)
    assert wanted(left), [one for one in left if one.role != "postgres"]
    assert_moored(site, may)
    assert_no_leftovers(site)


def assert_moored(site: Site, may: Collection[str]) -> None:
    """Of containers only those of releases that are known; one each, and one network for all."""
    if site.wharf is None:
        return
    there = sorted(site.wharf.releases().values())
    good = {path.parent.name for path in site.state.glob("releases/*/good.json")}
    assert set(there) <= {*may, *good}, there
    assert len(there) == len(set(there)), there
    assert len(site.wharf.networks()) == 1
    images = {json.loads(path.read_text())["image"] for path in site.state.glob("releases/*/manifest.json")}
    assert site.wharf.images() <= images


def _named(releases: Collection[str]) -> set[str]:
    return {f"release {name}" for name in releases}


def serving(site: Site) -> str | None:
    """The release that the edge's pointer names."""
    address = site.places.active.read_text().strip() if site.places.active.exists() else ""
    if contained := [one.release for one in berth.each(site.places) if one.address == address]:
        return contained[0]
    spec = ServiceSpec.model_validate(tomllib.loads((site.root / "hotelctl.toml").read_text()))
    found = ProcessTarget(site.state, spec).serving()
    return found.id if found else None


def _settled(site: Site, wanted: Callable[[tuple[Process, ...]], bool]) -> tuple[Process, ...]:
    until = time.monotonic() + _PATIENCE_S
    while not wanted(found := processes(site)) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def assert_no_leftovers(site: Site) -> None:
    """No scratch database, temporary file, export or half-written file; nobody holds the lock."""
    temporary = [path for path in site.temporary.iterdir() if not _is_trial(path)]
    assert not temporary, temporary
    assert not _leftover_files(site), _leftover_files(site)
    assert not scratch_databases(site)
    lock = site.state / "lock"
    if lock.exists():
        with lock.open() as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _leftover_files(site: Site) -> list[str]:
    found: list[str] = []
    for place in (site.root / ".hotelctl", site.root / "reports"):
        for directory, names, files in os.walk(place):
            found += [str(Path(directory, name)) for name in (*names, *files) if _is_temporary(name)]
            found += [str(Path(directory, name)) for name in names if name in {"source", "workspace"}]
            found += list(files or names) if Path(directory).name == "scratch" else []
            names[:] = [name for name in names if name not in _NOT_OURS]
    return found


def _is_trial(path: Path) -> bool:
    """Whether Python wrote it to see if it can: a program that is killed in that moment leaves it."""
    return path.is_file() and path.read_bytes() in {b"", b"blat"}


def _is_temporary(name: str) -> bool:
    return ".part" in name or ".tmp" in name or name.startswith("tmp")


def scratch_databases(site: Site) -> list[str]:
    """The scratch databases on the environment's server; one that is down is started for the question."""
    server = EmbeddedPostgres(site.places.postgres)
    ran = server.running()
    if not ran and not (site.places.postgres / "PG_VERSION").exists():
        return []
    try:
        with psycopg.connect(server.ensure(), autocommit=True) as connection:
            rows = connection.execute("SELECT datname FROM pg_database WHERE datname ~ 'scratch'").fetchall()
    finally:
        if not ran:
            server.stop()
    return [str(name) for (name,) in rows]
