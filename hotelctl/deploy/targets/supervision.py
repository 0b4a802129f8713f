"""How a command speaks with the supervisor: it writes units, wakes it and reads what was observed."""

import fcntl
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
from hotelctl.deploy.targets import durable, identity, logfile
from hotelctl.deploy.targets.layout import Layout
from hotelctl.deploy.targets.units import Desired, Observed, State, Unit, load_observed

LOOK_S = 0.01
START_LIMIT_S = 15.0
STOP_MARGIN_S = 5.0  # above the unit's own limit: SIGKILL, collecting, one poll


def wait_until(holds: Callable[[], bool], limit_s: float) -> bool:
    """Whether it held within the limit; looked at a hundred times a second."""
    until = time.monotonic() + limit_s
    while not holds():
        if time.monotonic() >= until:
            return False
        time.sleep(LOOK_S)
    return True


def is_running(layout: Layout) -> bool:
    """Whether a supervisor holds the lock of this environment."""
    try:
        handle = os.open(layout.supervisor / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _signal(layout: Layout, number: signal.Signals) -> bool:
    """Signal the supervisor; False when the one that is written down does not run."""
    data = durable.read_json(layout.supervisor / "pid") or {}
    pid, ticks, boot = data.get("pid", 0), data.get("start_ticks", 0), data.get("boot", "")
    if not identity.alive(pid, ticks, boot):
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    return True


def ensure(layout: Layout) -> None:
    """A supervisor runs that outlives this command. Raises `StepFailed` when it does not come up."""
    if is_running(layout) and _signal(layout, signal.SIGHUP):
        return
    _launch(layout)
    if not wait_until(lambda: is_running(layout) and _signal(layout, signal.SIGHUP), START_LIMIT_S):
        log = logfile.tail(layout.supervisor / "log", 3)
        raise StepFailed(f"the supervisor did not start: {by_shape(log)}", f"see {layout.supervisor / 'log'}")


def _launch(layout: Layout) -> None:
    package_root = Path(__file__).resolve().parents[3]
    argv = (sys.executable, "-P", "-S", "-m", "hotelctl.deploy.targets.supervisor", str(layout.supervisor))
    log = logfile.open_append(layout.supervisor / "log")
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


def ask(layout: Layout, unit: Unit, desired: Desired) -> Unit:
    """The unit as stored with that wish; the supervisor is woken."""
    wish = replace(unit, desired=desired, wish=secrets.token_hex(8))
    wish.store(layout.units)
    _signal(layout, signal.SIGHUP)
    return wish


def observed(layout: Layout, name: str) -> Observed | None:
    """What the supervisor saw last of a unit."""
    return load_observed(layout.observed, name)


def answer(layout: Layout, wish: Unit) -> Observed | None:
    """What the supervisor saw since it read this very wish; None before."""
    seen = observed(layout, wish.name)
    return seen if seen and seen.wish == wish.wish else None


def _started(layout: Layout, wish: Unit) -> bool:
    """Whether this revision runs, or was tried and ended: what it is like is then for `health` to say."""
    seen = answer(layout, wish)
    if seen is None or seen.revision != wish.revision:
        return False
    return seen.state in {State.RUNNING, State.WAITING}


def start(layout: Layout, unit: Unit) -> Unit:
    """The unit was started by the supervisor. Raises `StepFailed` when the supervisor does not react."""
    wish = ask(layout, unit, Desired.RUNNING)
    if not wait_until(lambda: _started(layout, wish), START_LIMIT_S + unit.stop_timeout_s):
        raise StepFailed(f"{unit.name} was not started", f"see {layout.supervisor / 'log'}")
    return wish


def _stopped(layout: Layout, wish: Unit) -> bool:
    seen = answer(layout, wish)
    return seen is not None and seen.state is State.STOPPED and not seen.alive


def stop(layout: Layout, unit: Unit) -> Unit:
    """The unit does not run. Raises `StepFailed` when it survived SIGKILL or nobody reacts."""
    wish = ask(layout, unit, Desired.STOPPED)
    if not wait_until(lambda: _stopped(layout, wish), unit.stop_timeout_s + STOP_MARGIN_S):
        raise StepFailed(f"{unit.name} did not stop", f"see {layout.supervisor / 'log'}")
    return wish


def forget(layout: Layout, name: str) -> None:
    """Neither the unit nor what was seen of it is left; call it when the unit is down."""
    durable.remove(layout.units / f"{name}.json")
    _signal(layout, signal.SIGHUP)
    seen = layout.observed / f"{name}.json"
    if not (is_running(layout) and wait_until(lambda: not seen.exists(), STOP_MARGIN_S)):
        durable.remove(seen)


def end(layout: Layout) -> bool:
    """No supervisor runs; whether one did. Raises `StepFailed` when it does not end."""

    def ended() -> bool:
        return not _signal(layout, signal.SIGTERM) or not is_running(layout)

    if not is_running(layout):
        return False
    if not wait_until(ended, 2 * START_LIMIT_S):
        raise StepFailed("the supervisor did not end", f"see {layout.supervisor / 'log'}")
    return True
