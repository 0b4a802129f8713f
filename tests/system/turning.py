"""A release of the second service that turns bad once people ask it, and when traffic was back from it."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from hotelctl.adapters.load.run import Load
from tests.load.background import Background, under_load
from tests.system.site import Site

RATE, AFTER = 50, 50
MEMORY_LIMIT_BYTES = 200_000_000
# A request takes 100 ms as long as all is well. What turns bad does so after the 50th of people's requests.
_CODE = '''"""Answers for a while, then turns bad, as a release does that nobody tried for long."""

import itertools
import os
import random
import sys
import time

KIND, AFTER = {kind!r}, {after}
_asked = itertools.count(1)
_kept = []


def _tell():
    sys.stderr.write(f"turned bad at {{time.time():.3f}}\\n")
    sys.stderr.flush()


def fails():
    """Whether this request does; other mischief is done on the way."""
    time.sleep(0.1)
    turn = next(_asked) - AFTER
    if KIND == "healthy":
        return random.random() < 0.02
    if turn == 1:
        _tell()
    if turn < 1:
        return False
    if KIND == "crash":
        os._exit(3)
    if KIND == "slow":
        time.sleep(0.3)
    if KIND == "leak":
        _kept.append(b"x" * 500_000)
    return KIND == "errors" and turn % 5 == 1
'''
_MARK = '        path = path.partition("?")[0]\n'
_CALL = (
    f'{_MARK}        if (method, path) == ("GET", "/notes") and turning.fails():\n'
    '            return _refused(500, "turned bad")\n'
)
_TURNED = re.compile(r"turned bad at ([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Turned:
    """Traffic was back `back_s` after the first bad answer of a release of that `kind`; `why` as told."""

    kind: str
    code: int
    back_s: float | None
    why: str


def prepare(site: Site, window_s: float, kind: str = "good") -> None:
    """A release of that kind serves, which any of the others may follow; it is watched for so long."""
    file, routes = site.root / "hotelctl.toml", site.root / "plainsvc" / "routes.py"
    text = file.read_text().replace("window_s = 0.3", f"window_s = {window_s:g}")
    file.write_text(text.replace("[run]\n", f"[run]\nmemory_limit_bytes = {MEMORY_LIMIT_BYTES}\n"))
    code = routes.read_text()
    assert _MARK in code
    code = code.replace(_MARK, _CALL, 1)
    routes.write_text(
        code.replace("from plainsvc.about", "from plainsvc import turning\nfrom plainsvc.about")
    )
    become(site, kind)
    site.deploy().expect(0)


def become(site: Site, kind: str) -> str:
    """The next commit is of that kind."""
    (site.root / "plainsvc" / "turning.py").write_text(_CODE.format(kind=kind, after=AFTER))
    return site.change()


@contextmanager
def people(site: Site) -> Iterator[Background]:
    """They ask for the notes, 50 times a second, for as long as the block lasts."""
    with under_load(Load(f"{site.url}/notes", rate=RATE, connections=16)) as load:
        yield load


class Pointer:
    """Where the edge's pointer led, and since when, for as long as the block lasts."""

    def __init__(self, site: Site) -> None:
        self._path = site.places.active
        self.seen: list[tuple[float, str]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.005):
            address = self._path.read_text()
            if not self.seen or self.seen[-1][1] != address:
                self.seen.append((time.time(), address))

    def back_at(self) -> float | None:
        """When it led again to where it had led first."""
        return next((at for at, address in self.seen[1:] if address == self.seen[0][1]), None)


def turned(site: Site, kind: str) -> Turned:
    """What became of a deploy of a release of that kind, while people ask."""
    become(site, kind)
    with Pointer(site) as pointer:
        ended = site.deploy()
    operation = site.operations()[-1]
    log = site.state / "deploys" / operation / "release.log"
    found = _TURNED.search(log.read_text()) if log.exists() else None
    back = pointer.back_at()
    back_s = back - float(found[1]) if back is not None and found else None
    failed = next((record for record in site.records() if record.kind.value == "fail"), None)
    return Turned(kind, ended.code, back_s, str(failed.data["message"]) if failed else ended.out)


def healthy(site: Site) -> tuple[int, dict[str, Any]]:
    """The exit code of a deploy of one that answers 2 % with 500, and what its switch told."""
    become(site, "healthy")
    ended = site.deploy()
    told = [
        record.data for record in site.records() if (record.step, record.kind.value) == ("switch", "done")
    ]
    return ended.code, dict(told[-1]) if told else {"summary": str(ended)}
