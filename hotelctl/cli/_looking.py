"""Looking at an environment without changing it: what serves, what happened, who holds it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.host_lock import HostLock
from hotelctl.cli._ending import between
from hotelctl.cli._reach import Machinery, machinery, unreached
from hotelctl.cli._wiring import (
    Asked,
    configure,
    health_of,
    layout_of,
    public_url,
    unrecorded_files,
    unrecorded_http,
)
from hotelctl.config.load import Configuration
from hotelctl.config.service import Health as Paths
from hotelctl.core.errors import UsageError
from hotelctl.core.redact import by_shape
from hotelctl.deploy.gate import unready
from hotelctl.deploy.history import Damaged, Past, Told, told_operations
from hotelctl.deploy.hold import frozen
from hotelctl.deploy.journal import Record
from hotelctl.deploy.release import Release
from hotelctl.deploy.steps import names_of
from hotelctl.deploy.target import Health
from hotelctl.deploy.targets.process import ProcessTarget
from hotelctl.deploy.traffic import look
from hotelctl.render.facts import Rows

_AGAIN = "hotelctl deploy puts it into service again"
_MISSING = "hotelctl deploy starts what does not run"
_OPEN = "unfinished"
_DAMAGED = "damaged"


def status(asked: Asked) -> Rows:
    """What serves, since when, by whom; what is open, frozen or locked."""
    configuration = configure(asked)
    layout, told = layout_of(configuration), _journals(configuration)
    facts: dict[str, Any] = {
        "service": configuration.spec.service.name,
        "environment": configuration.environment_name,
        "url": public_url(configuration),
    }
    facts |= _serving(configuration, told.pasts)
    unfinished = [past for past in told.pasts if past.progress.outcome is None]
    if unfinished:
        past = unfinished[-1]
        facts["open"] = f"{past.operation} {past.id} {_where(past)}; {past.progress.ways_on}"
    if told.damaged:
        facts["damaged"] = "; ".join(one.why for one in told.damaged)
    held = frozen(layout, unrecorded_files(configuration))
    if held is not None:
        facts["frozen"] = held["reason"]
    facts["lock"] = _holder(configuration)
    return Rows(({"what": key, "value": value} for key, value in facts.items()), facts)


def _where(past: Past) -> str:
    current = past.progress.current
    return f"at step {current}" if current else between(past.progress, names_of(past.operation))


def _serving(configuration: Configuration, pasts: Sequence[Past]) -> dict[str, Any]:
    target = ProcessTarget(layout_of(configuration).state, configuration.spec)
    traffic = look(target, pasts)
    if traffic.diverged is not None:
        return {"serving": f"diverged: {traffic.diverged.message}", "way out": traffic.diverged.hint}
    release = traffic.release
    if release is None:
        return {"serving": "nothing"}
    health, around = target.health(release), machinery(layout_of(configuration).state)
    own = health_of(configuration, release.id)
    named = f"{release.tag}, deployed as {release.id}"
    stopped = not (health.alive or around.edge or around.supervisor)
    return {
        "serving": f"nothing: {named}, is stopped" if stopped else named,
        "commit": release.commit,
        "since": _since(release, pasts),
        "process": "runs" if health.alive else f"does not run (exit code {health.exit_code})",
        **_readiness(own, health),
        **_reach(configuration, own, around, None if stopped else release.commit),
        "restarts": health.restarts,
        "supervisor": "runs" if around.supervisor else "does not run",
        **({} if around.whole else {"way out": _AGAIN if stopped else _MISSING}),
    }


def _reach(configuration: Configuration, own: Paths, around: Machinery, commit: str | None) -> dict[str, Any]:
    """Whether clients are served: asked where they ask, since a release that runs may be cut off."""
    if commit is None:
        return {"reachable": False, "unreachable": "it is stopped"}
    port = around.port or configuration.environment.port
    why = unreached(own, around, port, commit, unrecorded_http())
    return {"reachable": True} if why is None else {"reachable": False, "unreachable": by_shape(why)}


def _readiness(own: Paths, health: Health) -> dict[str, Any]:
    """What the release itself answers: a process that hangs or was stopped by hand runs, too."""
    if not health.alive:
        return {"ready": False}
    why = unready(own, health.url, unrecorded_http())
    return {"ready": True} if why is None else {"ready": False, "unready": by_shape(why)}


def _since(release: Release, pasts: Sequence[Past]) -> str:
    brought = [
        p for p in pasts if p.progress.effect("switch", "to") == release.id and "switch" in p.progress.done
    ]
    if not brought:
        return "unknown: no journal tells of the switch"
    past = brought[-1]
    when = next(r.ts_utc for r in reversed(past.records) if r.step == "switch")
    return f"{when[:19]}Z by {past.progress.header['user']} ({past.operation} {past.id})"


def history(asked: Asked) -> Rows:
    """Every operation of the environment, newest first."""
    told = _journals(configure(asked))
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
    told = _journals(configure(asked))
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
    """Who holds the environment, or held it last."""
    configuration = configure(asked)
    holder, held = _lock(configuration).holder()
    facts: dict[str, Any] = {"held": held}
    if holder is not None:
        words = holder.describe(SystemClock().now(), alive=held)
        facts |= {
            ("holder" if held else "last holder"): words,
            "fence": holder.fence,
            "since": holder.since_utc,
        }
    return Rows(({"what": key, "value": value} for key, value in facts.items()), facts)


def _lock(configuration: Configuration) -> HostLock:
    return HostLock(layout_of(configuration).state, unrecorded_files(configuration), SystemClock())


def _holder(configuration: Configuration) -> str:
    holder, held = _lock(configuration).holder()
    if holder is None or not held:
        return "free"
    return holder.describe(SystemClock().now(), alive=True)


def _by_name(told: Told) -> list[Past | Damaged]:
    """All of them, oldest first."""
    every: list[Past | Damaged] = [*told.pasts, *told.damaged]
    return sorted(every, key=lambda one: one.id)


def _journals(configuration: Configuration) -> Told:
    return told_operations(layout_of(configuration), unrecorded_files(configuration))
