"""An image sent to a registry: tried again where that may help, and asked for afterwards.

The engine is logged in by what `docker login` left for this user; no password is an argument or recorded.
What of an image the registry has is not sent again, so each attempt goes on where the last one ended.
"""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hotelctl.adapters.docker_engine import ODD, docker_engine, why
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.ports import EvidenceLog
from hotelctl.core.redact import by_shape
from hotelctl.facts.push_progress import PushProgress

if TYPE_CHECKING:
    from docker import DockerClient

_PAUSES_S = (1.0, 2.0, 4.0, 8.0)
"""Between one attempt and the next; after the last one it is given up."""
_SILENT_S = 120.0
_HINT = "docker login and docker push show whether this user may; the same command goes on where this ended"


class DockerPushes:
    """Sends from the engine that `environ` names; `sleep` waits between attempts."""

    def __init__(
        self, environ: Mapping[str, str], evidence: EvidenceLog, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Nothing is asked yet."""
        self._environ = environ
        self._evidence = evidence
        self._sleep = sleep

    def push(self, name: str, said: Callable[[str], None], limit_s: float) -> str:
        """The digest under which the registry has the image that is called so, as it was asked afterwards.

        Raises:
            StepFailed: the registry refuses, cannot be reached again and again, or has another image then.

        """
        end, attempts = time.monotonic() + limit_s, 0
        while True:
            attempts += 1
            trouble, is_final = "", False
            try:
                digest, trouble, is_final = self._attempt(name, said)
            except Unavailable as lost:
                digest, trouble = "", lost.reason
            if not trouble:
                told = {"operation": "push", "name": name, "digest": digest, "attempts": attempts}
                self._evidence.record("docker", told)
                return digest
            pause_s = _PAUSES_S[attempts - 1] if attempts <= len(_PAUSES_S) else None
            if is_final or pause_s is None or time.monotonic() + pause_s > end:
                raise self._given_up(name, trouble, attempts)
            said(by_shape(f"{trouble}; again in {pause_s:g} s"))
            self._sleep(pause_s)

    def _attempt(self, name: str, said: Callable[[str], None]) -> tuple[str, str, bool]:
        """Digest, what went wrong, and whether that is final."""
        progress = PushProgress()
        repository, _, tag = name.rpartition(":")
        with docker_engine(self._environ, _SILENT_S) as client:
            try:
                for message in client.api.push(repository, tag, stream=True, decode=True):
                    for line in progress.read(message):
                        said(by_shape(line))
            except ODD as odd:
                return "", f"the engine says what no engine says: {why(odd)}", False
            if progress.error:
                return "", progress.error, progress.is_final
            if not progress.digest:
                return "", "the engine ended before the registry had all of it", False
            return self._asked(client, name, progress.digest)

    @staticmethod
    def _asked(client: "DockerClient", name: str, digest: str) -> tuple[str, str, bool]:
        """The same, when the registry was asked what it has by that name."""
        there = str(client.api.inspect_distribution(name)["Descriptor"]["digest"])
        if there != digest:
            return "", f"the registry has {there} by that name, and {digest} was sent", True
        return digest, "", False

    def _given_up(self, name: str, trouble: str, attempts: int) -> StepFailed:
        told = {"operation": "push", "name": name, "error": by_shape(trouble), "attempts": attempts}
        self._evidence.record("docker", told)
        tried = f" after {attempts} attempts" if attempts > 1 else ""
        return StepFailed(f"{name} cannot be pushed{tried}: {by_shape(trouble)}", _HINT)
