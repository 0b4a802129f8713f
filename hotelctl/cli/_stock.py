"""`backup list` and `backup prune`: what is kept, and what need not be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hotelctl.adapters.clock import SystemClock
from hotelctl.cli._backing import details
from hotelctl.cli._chronicle import kept_elsewhere
from hotelctl.cli._locking import lock_of
from hotelctl.cli._vault import unrecorded_vault
from hotelctl.cli._wiring import Asked, configure, layout_of, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.core.errors import StepFailed, Unverified, UsageError
from hotelctl.core.units import size
from hotelctl.deploy.elsewhere import why_kept
from hotelctl.deploy.history import told_operations
from hotelctl.deploy.interrupted_restore import noted
from hotelctl.deploy.retention import named, remove_backups
from hotelctl.deploy.stock import Item, Leaving, leaving, of_deploys, stock
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


@dataclass(frozen=True, slots=True)
class Limits:
    """How many stay, how old they may be, and whether those of `forgotten` deploys go, too."""

    keep: int | None = None
    older_than_days: float | None = None
    forgotten: bool = False


def prune(asked: Asked, limits: Limits, *, remove: bool) -> Rows:
    """What may go, and with `remove` what is gone; a warning for each that nobody can tell to be unneeded.

    Raises:
        UsageError: no calendar has the day.
        Locked: another operation holds the environment.
        StepFailed: one could not be removed.
        Unavailable: nobody knows what other machines need, which keep theirs there, too.

    """
    configuration = configure(asked)
    before = None if limits.older_than_days is None else _days_ago(limits.older_than_days)
    if not remove:
        found, doubts = _leaving(configuration, limits, before)
        warning = (f"nothing was removed: --yes removes {len(found)}",) if found else ()
        return _rows(found, (*doubts, *warning), removed=False)
    lock = lock_of(configuration)
    lock.acquire("backup prune", "")
    try:
        found, doubts = _leaving(configuration, limits, before)
        names = [one.name for one in found]
        _, left = remove_backups(unrecorded_vault(configuration), names, lock)
    finally:
        lock.release()
    if left:
        raise StepFailed("; ".join(left), "give this user the right to remove it, then repeat")
    return _rows(found, doubts, removed=True)


def _days_ago(days: float) -> datetime:
    try:
        return SystemClock().now() - timedelta(days=days)
    except (OverflowError, ValueError) as error:
        raise UsageError(f"--older-than {days:g}: there is no such day", "give a number of days") from error


def _leaving(
    configuration: Configuration, limits: Limits, before: datetime | None
) -> tuple[Sequence[Leaving], tuple[str, ...]]:
    """Those that may go, and a line for each of a deploy that nobody knows."""
    layout, files = layout_of(configuration), unrecorded_files(configuration)
    elsewhere, items = kept_elsewhere(configuration), stock_of(configuration)
    here = told_operations(layout, files).ids
    unknown = frozenset() if limits.forgotten else elsewhere.unknown(of_deploys(items), here)
    keep = limits.keep or configuration.spec.retention.backups
    every = leaving(items, keep, before, named(layout, files) | elsewhere.need)
    doubts = tuple(why_kept(one.name) for one in every if one.name in unknown)
    return [one for one in every if one.name not in unknown], doubts


def _rows(found: Sequence[Leaving], warnings: tuple[str, ...], *, removed: bool) -> Rows:
    shown = [{"id": one.name, "why": one.why} for one in found]
    raw = [{"id": one.name, "why": one.why, "removed": removed} for one in found]
    return Rows(shown, raw, warnings, none="no backup is too many or too old")
