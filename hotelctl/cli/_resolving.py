"""Leaving the frozen state, and putting traffic back where the journals say that it goes."""

from collections.abc import Callable

from hotelctl.adapters.clock import SystemClock
from hotelctl.cli._locking import lock_of
from hotelctl.cli._target import target_of
from hotelctl.cli._wiring import Asked, configure, health_of, layout_of, unrecorded_files, unrecorded_http
from hotelctl.config.load import Configuration
from hotelctl.core.errors import UsageError
from hotelctl.core.holder import Lock
from hotelctl.core.redact import by_shape
from hotelctl.deploy import hold
from hotelctl.deploy.fenced import FencedTarget
from hotelctl.deploy.gate import unready
from hotelctl.deploy.history import Past, past_operations
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Health
from hotelctl.deploy.traffic import Mending, Traffic, look
from hotelctl.render.facts import Rows


def resolve(asked: Asked, reason: str, telling: Callable[[str], None] = lambda _: None) -> Rows:
    """What was resolved; the reason is kept beside what froze or diverged. `telling` is given warnings.

    Raises:
        UsageError: there is nothing to resolve.
        Diverged: nothing is frozen any more, but traffic could not be put back; the hint says what can.

    """
    configuration = configure(asked)
    # Looked at before the lock, too: where nothing was ever deployed, nothing shall be written.
    _require_need(configuration)
    layout, files, clock = layout_of(configuration), unrecorded_files(configuration), SystemClock()
    lock = lock_of(configuration, telling)
    fence = lock.acquire("resolve", "")
    try:
        pasts, traffic = _require_need(configuration)
        said = hold.release(layout, files, clock, reason, traffic.diverged)
        facts = {"resolved": said.get("operation", said.get("reason", "a divergence")), "reason": reason}
        if traffic.diverged is not None:
            facts["traffic"] = _mending(configuration, lock).put_back(pasts, fence)
    finally:
        lock.release()
    return Rows(({"what": key, "value": value} for key, value in facts.items()), {**said, **facts})


def _require_need(configuration: Configuration) -> tuple[tuple[Past, ...], Traffic]:
    """The operations and the traffic as they are. Raises `UsageError` when all is well."""
    layout, files = layout_of(configuration), unrecorded_files(configuration)
    pasts = past_operations(layout, files)
    traffic = look(target_of(configuration), pasts)
    if traffic.diverged is None and hold.frozen(layout, files) is None:
        raise UsageError("nothing is frozen here, and traffic goes where it should", "hotelctl status")
    return pasts, traffic


def _mending(configuration: Configuration, lock: Lock) -> Mending:
    layout, http = layout_of(configuration), unrecorded_http()

    def why(release: Release, health: Health) -> str | None:
        said = unready(health_of(configuration, release.id), health.url, http)
        return None if said is None else by_shape(said)

    target = FencedTarget(target_of(configuration), lock)
    return Mending(target, layout, unrecorded_files(configuration), why)
