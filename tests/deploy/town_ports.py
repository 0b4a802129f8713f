"""The ports through which steps see the town: HTTP, the lock, short-lived instances."""

import json as jsonlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotelctl.core.errors import StepFailed
from hotelctl.core.holder import Holder
from hotelctl.core.http import Reply
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Moved
from tests.deploy.town import STATE, Town
from tests.fakes.target import FakeTarget, Instance

_REHEARSAL_PORT = 19_999


@dataclass
class TownHttp:
    """The edge and every instance answer as the ground is."""

    town: Town

    def request(  # noqa: PLR0913 - one parameter a part of the exchange
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,  # noqa: ANN401 - JSON is any shape
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        timeout_s: float = 5.0,
        confidential: bool = False,
    ) -> Reply:
        """200 from a living instance, 502 from an edge without one."""
        assert timeout_s
        assert (headers, json, form, content) == (None,) * 4 or (method and not confidential)
        port, path = int(url.split(":")[2].split("/", maxsplit=1)[0]), "/" + url.split("/", 3)[3]
        self.town.asked.append(path)
        self.town.urls.append(url)
        status, body = self._answer(self._instance(port), port, path)
        evidence = self.town.evidence.record("http", {"url": url, "status": status})
        return Reply(status, {}, body, 0.01, evidence, "" if status else "connection refused")

    def _instance(self, port: int) -> Instance | None:
        ground = self.town.ground
        if port == ground.edge_port:
            return ground.instances.get(ground.active or "")
        return next((one for one in ground.instances.values() if one.port == port), None)

    def _answer(self, found: Instance | None, port: int, path: str) -> tuple[int | None, str]:
        if found is not None and found.release.id == self.town.crashes == self.town.ground.active:
            found.restarts += 1
        if found is None or not found.alive:
            return (502, "") if port == self.town.ground.edge_port else (None, "")
        fresh = found.release.commit == max(i.release.commit for i in self.town.ground.instances.values())
        if path == "/ready" and ("ready" if fresh else "old-ready") in self.town.broken:
            return 503, "not yet"
        rehearsed = port == _REHEARSAL_PORT
        if path == "/page" and ("old-on-new" if rehearsed else "page") in self.town.broken:
            return 500, ""
        commit = "0" * 40 if "commit" in self.town.broken and fresh else found.release.commit
        return 200, jsonlib.dumps({"commit": commit})


@dataclass
class TownLock:
    """Held by whoever made it last."""

    town: Town

    def acquire(self, operation: str, deploy: str) -> int:
        """A higher number each time."""
        assert operation
        assert deploy is not None
        self.town.fence += 1
        return self.town.fence

    def at(self, step: str, deploy: str) -> None:
        """Nobody waits."""

    def require(self) -> None:
        """Never lost."""

    def turn_back(self) -> None:
        """Never lost."""

    def release(self) -> None:
        """Nobody waits."""

    def holder(self) -> tuple[Holder | None, bool]:
        """Held by the process that asks."""
        return Holder(
            "me", "here", 1, 0.0, "", "deploy", "", "", self.town.fence, "2026-03-01T12:00:00+00:00"
        ), True


@dataclass
class TownInstances:
    """One instance at a time beside the target's.

    `old-on-new` in `broken` makes its page fail, `old-not-ready-on-new` its start.
    """

    town: Town

    def free_port(self) -> int:
        """Always the same."""
        return _REHEARSAL_PORT

    @contextmanager
    def running(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, ready_url: str, timeout_s: float
    ) -> Iterator[None]:
        """There while the block lasts, on the scratch database."""
        assert argv
        assert timeout_s
        assert str(_REHEARSAL_PORT) in ready_url
        if "/live" in env["DATABASE_URL"]:
            raise StepFailed("a rehearsal on the live database")
        if "old-not-ready-on-new" in self.town.broken:
            raise StepFailed("the instance was not ready in time (status 503)")
        release = Release(cwd.name, "1", "0" * 40, "a", "b", None, {})
        self.town.ground.instances["rehearsal"] = Instance(release, _REHEARSAL_PORT, dict(env))
        try:
            yield
        finally:
            del self.town.ground.instances["rehearsal"]


class TownTarget(FakeTarget):
    """Discarding a release removes its directory, as every real target does."""

    def __init__(self, town: Town) -> None:
        super().__init__(town.ground)
        self._town = town

    def route(self, release: Release | None, fence: int) -> Moved:
        """Moves the pointer; then whatever a test planned happens."""
        moved = super().route(release, fence)
        if self._town.on_route is not None:
            self._town.on_route()
        return moved

    def discard(self, release: Release) -> None:
        """Instance, build and files are gone."""
        super().discard(release)
        self._town.files.remove(STATE / "releases" / release.id)
