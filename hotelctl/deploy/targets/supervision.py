"""How a command speaks with the supervisor: it writes units, wakes it and reads what was observed."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hotelctl.core.errors import StepFailed
from hotelctl.core.redact import by_shape
from hotelctl.deploy.targets import disk, durable, identity, lock, logfile
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.units import Desired, Observed, State, Unit, load_observed

LOOK_S = 0.01
START_LIMIT_S = 15.0
STOP_MARGIN_S = 5.0  # above the unit's own limit: SIGKILL, collecting, one poll


def wait_until(holds: Callable[[], bool], limit_s: float, *, look_s: float = LOOK_S) -> bool:
    """Whether it held within the limit; looked at a hundred times a second, or every `look_s`."""
    until = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() >= until:
            return False
        time.sleep(look_s)
    return True


def reached(places: Places, holds: Callable[[], bool], limit_s: float) -> bool:
    """As `wait_until`, for what a supervisor has to do: one that dies meanwhile is succeeded."""

    def look() -> bool:
        if holds():
            return True
        if not is_running(places):
            _launch(places)
        return False

    return wait_until(look, limit_s)


def is_running(places: Places) -> bool:
    """Whether a supervisor holds the lock of this environment."""
    return lock.is_held(places.supervisor / "lock")


def _signal(places: Places, number: signal.Signals) -> bool:
    """Signal the supervisor; False when the one that is written down does not run."""
    data = durable.read_json(places.supervisor / "pid") or {}
    pid, ticks, boot = data.get("pid", 0), data.get("start_ticks", 0), data.get("boot", "")
    if not identity.belongs(data, places.supervisor) or not identity.alive(pid, ticks, boot):
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    return True


def ensure(places: Places) -> None:
    """A supervisor runs that outlives this command. Raises `StepFailed` when it does not come up."""
    if not wait_until(lambda: _woken(places), START_LIMIT_S):
        log = logfile.tail(places.supervisor / "log", 3)
        raise StepFailed(f"the supervisor did not start: {by_shape(log)}", f"see {places.supervisor / 'log'}")


def _woken(places: Places) -> bool:
    """Whether the one that runs was woken; one is started where there is none, and of two one gives way."""
    if not is_running(places):
        _launch(places)
    return is_running(places) and _signal(places, signal.SIGHUP)


def _launch(places: Places) -> None:
    package_root = Path(__file__).resolve().parents[3]
    argv = (sys.executable, "-P", "-S", "-m", "hotelctl.deploy.targets.supervisor", str(places.supervisor))
    with disk.writing(places.state):
        log = logfile.open_append(places.supervisor / "log")
    try:
        subprocess.run(
            argv,
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(package_root)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            timeout=START_LIMIT_S,
        )
    finally:
        os.close(log)


def ask(places: Places, unit: Unit, desired: Desired) -> Unit:
    """The unit as stored with that wish; the supervisor is woken."""
    wish = replace(unit, desired=desired, wish=secrets.token_hex(8))
    with disk.writing(places.state):
        wish.store(places.units)
    _signal(places, signal.SIGHUP)
    return wish


def observed(places: Places, name: str) -> Observed | None:
    """What the supervisor saw last of a unit."""
    return load_observed(places.observed, name)


def runs(places: Places, unit: Unit) -> bool:
    """Whether the process that was seen last still runs, asked of the kernel now."""
    seen = observed(places, unit.name)
    return seen is not None and seen.alive


def answer(places: Places, wish: Unit) -> Observed | None:
    """What the supervisor saw since it read this very wish; None before."""
    seen = observed(places, wish.name)
    return seen if seen and seen.wish == wish.wish else None


def _started(places: Places, wish: Unit) -> bool:
    """Whether this revision runs, or was tried and ended: what it is like is then for `health` to say."""
    seen = answer(places, wish)
    if seen is None or seen.revision != wish.revision:
        return False
    return seen.state in {State.RUNNING, State.WAITING}


def start(places: Places, unit: Unit) -> Unit:
    """The unit was started by the supervisor. Raises `StepFailed` when the supervisor does not react."""
    wish = ask(places, unit, Desired.RUNNING)
    if not reached(places, lambda: _started(places, wish), START_LIMIT_S + unit.stop_timeout_s):
        raise StepFailed(f"{unit.name} was not started", f"see {places.supervisor / 'log'}")
    return wish


def _stopped(places: Places, wish: Unit) -> bool:
    seen = answer(places, wish)
    return seen is not None and seen.state is State.STOPPED and not seen.alive


def stop(places: Places, unit: Unit) -> Unit:
    """The unit does not run. Raises `StepFailed` when it survived SIGKILL or nobody reacts."""
    wish = ask(places, unit, Desired.STOPPED)
    if not reached(places, lambda: _stopped(places, wish), unit.stop_timeout_s + STOP_MARGIN_S):
        raise StepFailed(f"{unit.name} did not stop", f"see {places.supervisor / 'log'}")
    return wish


def forget(places: Places, name: str) -> None:
    """Neither the unit nor what was seen of it is left; call it when the unit is down."""
    durable.remove(places.units / f"{name}.json")
    _signal(places, signal.SIGHUP)
    seen = places.observed / f"{name}.json"
    if not reached(places, lambda: not seen.exists(), STOP_MARGIN_S):
        raise StepFailed(f"{name} was not forgotten", f"see {places.supervisor / 'log'}")
    durable.remove(seen)


def end(places: Places) -> bool:
    """No supervisor runs; whether one did. Raises `StepFailed` when it does not end."""

    def ended() -> bool:
        return not _signal(places, signal.SIGTERM) or not is_running(places)

    if not is_running(places):
        return False
    if not wait_until(ended, 2 * START_LIMIT_S):
        raise StepFailed("the supervisor did not end", f"see {places.supervisor / 'log'}")
    return True
