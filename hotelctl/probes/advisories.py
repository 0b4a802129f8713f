"""Advisories about the packages of the lock, asked of a live database."""

from urllib.parse import urlsplit

from hotelctl.facts import advisories as pip_audit
from hotelctl.facts.advisories import SERVICE, Advisories
from hotelctl.facts.lock import Lock
from hotelctl.probes.context import Context

_TIMEOUT_S = 240.0


def advisories(context: Context, lock: Lock) -> Advisories:
    """What the service knows of every package that this machine would install."""
    service = context.configuration.spec.advisories.osv_url or SERVICE
    pins = lock.here()
    given = context.workspace / "advisories" / "requirements.txt"
    context.files.write_durable(given, pip_audit.requirements(pins).encode())
    words = pip_audit.command(str(given), service)
    asked_at = context.clock.now()
    host = urlsplit(service).hostname or service
    done = context.run_tool(pip_audit.PROGRAM, *words, timeout_s=_TIMEOUT_S, asks=host)
    found, doubts = pip_audit.answer(done, pins)
    argv = (pip_audit.PROGRAM, "--requirement", lock.path, *words[2:])
    return Advisories(service, asked_at, argv, done.exit_code, len(pins) - len(doubts), found, doubts)
