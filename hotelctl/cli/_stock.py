"""`backup list` and `backup prune`: what is kept, and what need not be."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hotelctl.adapters.clock import SystemClock
from hotelctl.cli._backing import details
from hotelctl.cli._chronicle import ways_back_elsewhere
from hotelctl.cli._locking import lock_of
from hotelctl.cli._vault import unrecorded_vault
from hotelctl.cli._wiring import Asked, configure, layout_of, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.core.errors import StepFailed, Unverified, UsageError
from hotelctl.core.units import size
from hotelctl.deploy.interrupted_restore import noted
from hotelctl.deploy.retention import named, remove_backups
from hotelctl.deploy.stock import Item, Leaving, leaving, stock
from hotelctl.render.facts import Rows
from hotelctl.render.words import age


def stock_of(configuration: Configuration) -> tuple[Item, ...]:
    """The environment's backups, oldest first. Raises `Unverified` where nobody can tell them."""
    try:
        return stock(unrecorded_vault(configuration), unrecorded_files(configuration), SystemClock())
    except StepFailed as error:
        raise Unverified(f"nobody can tell which backups there are: {error.message}", error.hint) from error


def listed(asked: Asked) -> Rows:
    """Every directory below `backups/`, newest first."""
    now = SystemClock().now()
    configuration = configure(asked)
    items = list(reversed(stock_of(configuration)))
    left = noted(layout_of(configuration), unrecorded_files(configuration))
    warnings = (f"a restore was interrupted; to settle it: {left.again}",) if left else ()
    return Rows([_line(item, now) for item in items], [_details(item, now) for item in items], warnings)


def _line(item: Item, now: datetime) -> dict[str, Any]:
    one = item.backup
    return {
        "id": item.name,
        "state": item.state.value,
        "age": age(now - datetime.fromisoformat(one.created_at)) if one else "",
        "size": size(one.size_bytes) if one else "",
        "rows": f"{one.rows:,}" if one else "",
        "why": item.why,
    }


def _details(item: Item, now: datetime) -> dict[str, Any]:
    one = item.backup
    told: dict[str, Any] = {"id": item.name, "state": item.state.value, "why": item.why}
    if one is None:
        return told
    past = now - datetime.fromisoformat(one.created_at)
    return {**told, **details(one), "age_s": round(past.total_seconds())}


def prune(asked: Asked, keep: int | None, older_than_days: float | None, *, remove: bool) -> Rows:
    """What may go, and with `remove` what is gone.

    Raises:
        UsageError: no calendar has the day.
        Locked: another operation holds the environment.
        StepFailed: one could not be removed.
        Unavailable: nobody knows what other machines need, which keep theirs there, too.

    """
    configuration = configure(asked)
    before = None if older_than_days is None else _days_ago(older_than_days)
    limit = keep or configuration.spec.retention.backups
    if not remove:
        found = _leaving(configuration, limit, before)
        warning = (f"nothing was removed: --yes removes {len(found)}",) if found else ()
        return _rows(found, warning)
    lock = lock_of(configuration)
    lock.acquire("backup prune", "")
    try:
        found = _leaving(configuration, limit, before)
        names = [one.name for one in found]
        _, left = remove_backups(unrecorded_vault(configuration), names, lock)
    finally:
        lock.release()
    if left:
        raise StepFailed("; ".join(left), "give this user the right to remove it, then repeat")
    return _rows(found, ())


def _days_ago(days: float) -> datetime:
    try:
        return SystemClock().now() - timedelta(days=days)
    except (OverflowError, ValueError) as error:
        raise UsageError(f"--older-than {days:g}: there is no such day", "give a number of days") from error


def _leaving(configuration: Configuration, keep: int, before: datetime | None) -> Sequence[Leaving]:
    layout, files = layout_of(configuration), unrecorded_files(configuration)
    stay = named(layout, files) | ways_back_elsewhere(configuration)
    return leaving(stock_of(configuration), keep, before, stay)


def _rows(found: Sequence[Leaving], warnings: tuple[str, ...]) -> Rows:
    removed = not warnings
    shown = [{"id": one.name, "why": one.why} for one in found]
    raw = [{"id": one.name, "why": one.why, "removed": removed} for one in found]
    return Rows(shown, raw, warnings)
