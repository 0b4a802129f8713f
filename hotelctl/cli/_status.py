"""What serves in an environment: since when, by whom, whether clients reach it, and what is open."""

from collections.abc import Sequence
from typing import Any

from hotelctl.adapters.clock import SystemClock
from hotelctl.cli._elsewhere import engine_elsewhere
from hotelctl.cli._ending import between
from hotelctl.cli._locking import lock_of
from hotelctl.cli._looking import journals_of
from hotelctl.cli._reach import Machinery, machinery, unreached
from hotelctl.cli._target import target_of
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
from hotelctl.core.errors import Interrupted, StepFailed
from hotelctl.core.redact import by_shape
from hotelctl.deploy.gate import unready
from hotelctl.deploy.history import Past
from hotelctl.deploy.hold import frozen
from hotelctl.deploy.interrupted_restore import noted
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Health, Target
from hotelctl.deploy.traffic import arrival, look
from hotelctl.render.facts import Rows

_AGAIN = "hotelctl deploy puts it into service again"
_MISSING = "hotelctl deploy starts what does not run"


def status(asked: Asked) -> Rows:
    """What serves, since when, by whom; what is open, frozen or locked."""
    configuration = configure(asked)
    layout, told = layout_of(configuration), journals_of(configuration)
    facts: dict[str, Any] = {
        "service": configuration.spec.service.name,
        "environment": configuration.environment_name,
        "url": public_url(configuration),
    }
    if engine := engine_elsewhere(configuration):
        facts["engine"] = engine
    facts |= _serving(configuration, told.pasts)
    unknown = list[str]()
    holder, alive = lock_of(configuration, unknown.append).holder()
    unfinished = [past for past in told.pasts if past.progress.outcome is None]
    if unfinished:
        past = unfinished[-1]
        goes_on = alive and holder is not None and holder.deploy == past.id
        on = "it goes on now" if goes_on else past.progress.ways_on
        facts["open"] = f"{past.operation} {past.id} {_where(past)}; {on}"
    if told.damaged:
        facts["damaged"] = "; ".join(one.why for one in told.damaged)
    held = frozen(layout, unrecorded_files(configuration))
    if held is not None:
        facts["frozen"] = held["reason"]
    restore = noted(layout, unrecorded_files(configuration))
    if restore is not None:
        facts["restore"] = f"of {restore.backup} was interrupted; {restore.again} settles it"
    facts["lock"] = holder.describe(SystemClock().now(), alive=True) if alive and holder else _free(unknown)
    return Rows(({"what": key, "value": value} for key, value in facts.items()), facts)


def _free(unknown: Sequence[str]) -> str:
    return f"unknown: {unknown[0]}" if unknown else "free"


def _where(past: Past) -> str:
    from hotelctl.deploy.steps import names_of

    current = past.progress.current
    return f"at step {current}" if current else between(past.progress, names_of(past.operation))


def _serving(configuration: Configuration, pasts: Sequence[Past]) -> dict[str, Any]:
    target = target_of(configuration)
    traffic = look(target, pasts)
    if traffic.diverged is not None:
        return {"serving": f"diverged: {traffic.diverged.message}", "way out": traffic.diverged.hint}
    release = traffic.release
    if release is None:
        return {"serving": "nothing"}
    health, unasked = _health(target, release)
    around = machinery(layout_of(configuration).state)
    own = health_of(configuration, release.id)
    named = f"{release.tag}, deployed as {release.id}"
    stopped = not (health.alive or unasked or around.edge or around.supervisor)
    return {
        "serving": f"nothing: {named}, is stopped" if stopped else named,
        "commit": release.commit,
        "since": _since(release, pasts),
        "process": unasked or ("runs" if health.alive else f"does not run ({health.ending})"),
        **({} if unasked else _readiness(own, health)),
        **_reach(configuration, own, around, None if stopped else (target, release)),
        **({} if unasked else {"restarts": health.restarts}),
        **(
            {}
            if around.supervisor is None
            else {"supervisor": "runs" if around.supervisor else "does not run"}
        ),
        **({} if around.whole else {"way out": _AGAIN if stopped else _MISSING}),
    }


def _health(target: Target, release: Release) -> tuple[Health, str]:
    """How its instance is, and why nobody could tell; empty where somebody could."""
    try:
        return target.health(release), ""
    except (StepFailed, Interrupted) as refusal:
        return Health(
            alive=False, url="", restarts=0, exit_code=None, log_tail=""
        ), f"unknown: {refusal.message}"


def _reach(
    configuration: Configuration, own: Paths, around: Machinery, served: tuple[Target, Release] | None
) -> dict[str, Any]:
    """Whether clients are served: asked where they ask, since a release that runs may be cut off."""
    if served is None:
        return {"reachable": False, "unreachable": "it is stopped"}
    (target, release), port = served, around.port or configuration.environment.port
    url = target.entrance(port)
    why = unreached(own, around, port, release.commit, unrecorded_http(), url=url)
    return {"reachable": True} if why is None else {"reachable": False, "unreachable": by_shape(why)}


def _readiness(own: Paths, health: Health) -> dict[str, Any]:
    """What the release itself answers: a process that hangs or was stopped by hand runs, too."""
    if not health.alive:
        return {"ready": False}
    why = unready(own, health.url, unrecorded_http())
    return {"ready": True} if why is None else {"ready": False, "unready": by_shape(why)}


def _since(release: Release, pasts: Sequence[Past]) -> str:
    """When all traffic came to it, and by which operation; one that took its own switch back is told so."""
    for past in reversed(pasts):
        came = arrival(past, release.id)
        if came is None:
            continue
        back = "" if past.progress.effect("switch", "to") == release.id else ", taken back"
        by = f"{past.progress.header['user']} ({past.operation} {past.id}{back})"
        return f"{came[:19]}Z by {by}"
    return "unknown: no journal tells of the switch"
