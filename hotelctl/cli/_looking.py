"""Looking at an environment without changing it: what happened in it, and who holds it."""

from datetime import datetime
from typing import Any

from hotelctl.adapters.clock import SystemClock
from hotelctl.cli._locking import lock_of
from hotelctl.cli._wiring import Asked, configure, layout_of, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.core.errors import Locked, Unverified, UsageError
from hotelctl.deploy.history import Damaged, Past, Told, told_operations
from hotelctl.deploy.journal import Record
from hotelctl.render.facts import Rows

_OPEN = "unfinished"
_DAMAGED = "damaged"


def history(asked: Asked) -> Rows:
    """Every operation of the environment, newest first."""
    told = journals_of(configure(asked))
    found = tuple(reversed(_by_name(told)))
    return Rows([_line(one) for one in found], [{**_line(one), **_details(one)} for one in found])


def _details(past: Past | Damaged) -> dict[str, Any]:
    if isinstance(past, Damaged):
        return {"failure": past.why, "started_at": "", "header": {}}
    failure = past.progress.failure
    return {
        "failure": failure.message if failure else "",
        "started_at": past.started_at,
        "header": dict(past.progress.header),
    }


def _line(past: Past | Damaged) -> dict[str, Any]:
    if isinstance(past, Damaged):
        nothing = {"operation": "", "outcome": _DAMAGED, "seconds": 0.0, "by": ""}
        return {"id": past.id, **nothing, "failed": past.why}
    header, outcome = past.progress.header, past.progress.outcome
    return {
        "id": past.id,
        "operation": past.operation,
        "outcome": outcome.value if outcome else _OPEN,
        "seconds": round(past.seconds, 1),
        "by": header.get("user", ""),
        "failed": past.progress.failure.step if past.progress.failure else "",
    }


def logs(asked: Asked, name: str | None) -> Rows:
    """The journal of the operation called `name`, else of the newest. Raises `UsageError`."""
    told = journals_of(configure(asked))
    known = _by_name(told)
    found = [one for one in known if name in (None, one.id)]
    if not found:
        newest = ", ".join(one.id for one in known[-3:]) or "none yet"
        raise UsageError(f"there is no operation {name or ''}".rstrip(), f"the newest: {newest}")
    chosen = found[-1]
    shown = [_told(record) for record in chosen.records]
    raw: list[dict[str, Any]] = [record.to_json() | {"seq": record.seq} for record in chosen.records]
    if isinstance(chosen, Damaged):
        end = {"seq": len(raw) + 1, "kind": _DAMAGED}
        shown.append({**end, "time": "", "step": "-", "what": chosen.why})
        raw.append({**end, "step": "", "data": {"message": chosen.why}})
    return Rows(shown, raw, tuple(one.why for one in told.damaged if one is not chosen))


def _told(record: Record) -> dict[str, Any]:
    said = record.data.get("summary") or record.data.get("message") or record.data.get("outcome")
    words = said or ", ".join(f"{k}={v}" for k, v in record.data.items() if isinstance(v, str | int | float))
    return {
        "seq": record.seq,
        "time": datetime.fromisoformat(record.ts_utc).isoformat(timespec="milliseconds")[11:23],
        "step": record.step or "-",
        "kind": record.kind.value,
        "what": words,
    }


def lock_status(asked: Asked) -> Rows:
    """Who holds the environment, or held it last; `held` is None where those who share it cannot be asked."""
    unknown = list[str]()
    holder, held = lock_of(configure(asked), unknown.append).holder()
    facts: dict[str, Any] = {"held": held if held or not unknown else None}
    if holder is not None:
        words = holder.describe(SystemClock().now(), alive=held)
        facts |= {
            ("holder" if held else "last holder"): words,
            "fence": holder.fence,
            "since": holder.since_utc,
        }
    if unknown:
        facts["unknown"] = unknown[0]
    return Rows(({"what": key, "value": value} for key, value in facts.items()), facts)


def lock_released(asked: Asked) -> Rows:
    """The free lock.

    Raises:
        Locked: its holder lives, and only the end of that process frees it.
        Unverified: nobody can tell.

    """
    found = lock_status(asked)
    if found.raw["held"] is None:
        raise Unverified(found.raw["unknown"], "a lease that is not renewed is over after 15 s")
    if found.raw["held"]:
        raise Locked(
            f"the environment is locked: {found.raw.get('holder', 'an unknown process')}",
            "a lock is never taken from who lives; end that process, its deploy can be resumed",
        )
    return found


def _by_name(told: Told) -> list[Past | Damaged]:
    """All of them, oldest first."""
    every: list[Past | Damaged] = [*told.pasts, *told.damaged]
    return sorted(every, key=lambda one: one.id)


def journals_of(configuration: Configuration) -> Told:
    """What all journals of the environment tell."""
    return told_operations(layout_of(configuration), unrecorded_files(configuration))
