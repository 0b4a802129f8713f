"""Looking at an environment without changing it: what happened in it, and who holds it."""

from datetime import datetime
from typing import Any

from hotelctl.adapters.clock import SystemClock
from hotelctl.cli._chronicle import elsewhere, journal_elsewhere
from hotelctl.cli._locking import lock_of
from hotelctl.cli._wiring import Asked, configure, layout_of, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.core.chronicle import Deployment
from hotelctl.core.errors import Locked, Unverified, UsageError
from hotelctl.deploy.chapters import deployment
from hotelctl.deploy.history import Damaged, Past, Told, told_operations
from hotelctl.deploy.journal import Record
from hotelctl.render.facts import Rows

_OPEN = "unfinished"
_DAMAGED = "damaged"


def history(asked: Asked) -> Rows:
    """Every operation of the environment, newest first."""
    configuration = configure(asked)
    here = _by_name(journals_of(configuration))
    others, warnings = elsewhere(configuration, {one.id for one in here})
    told = [
        *((one, _line(one)) for one in map(_seen, here)),
        *((one, _line(one, far=True)) for one in others),
    ]
    found = sorted(told, key=lambda one: one[0].id, reverse=True)
    return Rows([line for _, line in found], [{**line, **_details(one)} for one, line in found], warnings)


def _seen(one: Past | Damaged) -> Deployment | Damaged:
    return one if isinstance(one, Damaged) else deployment(one)


def _details(one: Deployment | Damaged) -> dict[str, Any]:
    if isinstance(one, Damaged):
        return {"failure": one.why, "started_at": "", "header": {}}
    return {"failure": one.failure, "started_at": one.started_at, "header": dict(one.header)}


def _line(one: Deployment | Damaged, *, far: bool = False) -> dict[str, Any]:
    """`far` is one of another machine, whose name is told, too."""
    if isinstance(one, Damaged):
        nothing = {"operation": "", "outcome": _DAMAGED, "seconds": 0.0, "by": ""}
        return {"id": one.id, **nothing, "failed": one.why}
    user = str(one.header.get("user", ""))
    return {
        "id": one.id,
        "operation": one.operation,
        "outcome": one.outcome or _OPEN,
        "seconds": round(one.seconds, 1),
        "by": f"{user}@{one.header.get('host', '')}" if far else user,
        "failed": one.failed_step,
    }


def logs(asked: Asked, name: str | None) -> Rows:
    """The journal of the operation called `name`, else of the newest. Raises `UsageError`."""
    configuration = configure(asked)
    told = journals_of(configuration)
    known = _by_name(told)
    found = [one for one in known if name in (None, one.id)]
    warnings = list[str]()
    if not found and name is not None:
        found, warnings = journal_elsewhere(configuration, name)
    if not found:
        if not known and name is None:
            raise UsageError("nothing was deployed here yet", "hotelctl deploy makes the first")
        newest = ", ".join(one.id for one in known[-3:]) or "none yet"
        # What could not be asked may know it.
        missing = " here, and ".join((f"there is no operation {name or ''}".rstrip(), *warnings))
        raise UsageError(missing, f"the newest: {newest}")
    chosen = found[-1]
    shown = [_told(record) for record in chosen.records]
    raw: list[dict[str, Any]] = [record.to_json() | {"seq": record.seq} for record in chosen.records]
    if isinstance(chosen, Damaged):
        end = {"seq": len(raw) + 1, "kind": _DAMAGED}
        shown.append({**end, "time": "", "step": "-", "what": chosen.why})
        raw.append({**end, "step": "", "data": {"message": chosen.why}})
    return Rows(shown, raw, (*warnings, *(one.why for one in told.damaged if one is not chosen)))


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
    shown = {key: "unknown" if value is None else value for key, value in facts.items()}
    return Rows(({"what": key, "value": value} for key, value in shown.items()), facts)


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
