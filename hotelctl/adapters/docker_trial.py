"""A container of an image on trial: without any network but its own loopback, labelled, gone afterwards.

A closed network would not do: from there a container reaches what this machine itself listens on.

What a killed command left is known by the label, and is swept by the next trial.
"""

import io
import secrets
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.owner_mark import is_dead, own_mark
from hotelctl.core.errors import Unavailable
from hotelctl.core.image_trials import STATE, Trial, TrialSetting
from hotelctl.core.redact import by_shape

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

LABEL = "hotelctl.trial"
"""Its value is the mark of the process that a container or a volume belongs to."""
_TICK_S = 0.1
_PREPARE_S = 60
_LOG_LINES = 20
_ASK_NS = 1_000_000_000
_KILLED = 137
_CANNOT_START = 127
# The engine leaves the mode of a volume itself alone.
_ABOVE, _, _OWN = STATE.rpartition("/")
_CLOSED: Mapping[str, Any] = {
    "read_only": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
}


def tried(client: "DockerClient", setting: TrialSetting) -> Trial:
    """How it did; nothing of it is left.

    Raises:
        Unavailable: a command that prepares it fails.

    """
    sweep(client)
    with _place(client) as place:
        for argv in setting.prepare:
            _prepared(client, setting, place, argv)
        with _container(client, setting, place, **(_CLOSED if setting.closed else {})) as container:
            return _watched(container, setting)


def sweep(client: "DockerClient") -> None:
    """What trials of processes that are gone left behind is removed."""
    from docker.errors import APIError  # noqa: PLC0415 - an extra, loaded where it is wanted

    asked = {"label": LABEL}
    for one in client.api.containers(all=True, filters=asked):
        if is_dead(one["Labels"][LABEL]):
            with suppress(APIError):
                client.api.remove_container(one["Id"], force=True, v=True)
    for volume in client.api.volumes(filters=asked).get("Volumes") or ():
        if is_dead(volume["Labels"][LABEL]):
            with suppress(APIError):
                client.api.remove_volume(volume["Name"])


@dataclass(frozen=True, slots=True)
class _Place:
    """The name of the volume, and what each part is labelled with."""

    name: str
    labels: Mapping[str, str]


@contextmanager
def _place(client: "DockerClient") -> Iterator[_Place]:
    place = _Place(f"hotelctl-trial-{own_mark()}-{secrets.token_hex(3)}", {LABEL: own_mark()})
    volume = client.volumes.create(place.name, labels=dict(place.labels))
    try:
        yield place
    finally:
        volume.remove(force=True)


@contextmanager
def _container(
    client: "DockerClient",
    setting: TrialSetting,
    place: _Place,
    **more: Any,  # noqa: ANN401 - the SDK's own words
) -> Iterator["Container"]:
    """One that was not started yet."""
    from docker.types import Mount  # noqa: PLC0415 - an extra, loaded where it is wanted

    container: Container = client.containers.create(
        setting.image,
        environment=dict(setting.env),
        labels=dict(place.labels),
        network_mode="none",
        mounts=[Mount(_ABOVE, place.name, type="volume")],
        tmpfs={"/tmp": "mode=1777"},  # noqa: S108 - a place inside the container
        # What the image says stays, but for how often: so the time is measured to a second.
        healthcheck={"interval": _ASK_NS},
        **more,
    )
    try:
        # Whatever its user is, it may write there.
        container.put_archive(_ABOVE, _open_directory())
        yield container
    finally:
        container.remove(force=True, v=True)


def _open_directory() -> bytes:
    """An archive of a directory that everybody may write into."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        entry = tarfile.TarInfo(_OWN)
        entry.type, entry.mode = tarfile.DIRTYPE, 0o1777
        archive.addfile(entry)
    return held.getvalue()


def _prepared(client: "DockerClient", setting: TrialSetting, place: _Place, argv: tuple[str, ...]) -> None:
    """The command has run. Raises `Unavailable`."""
    with _container(client, setting, place, entrypoint=list(argv), command=[]) as container:
        failed = _start(container)
        code = _CANNOT_START if failed else int(container.wait(timeout=_PREPARE_S)["StatusCode"])
        if code:
            said = failed or _last_words(container)
            raise Unavailable(f"{' '.join(argv)} fails in a container of the image with {code}: {said}")


def _start(container: "Container") -> str:
    """Why the engine cannot start it; empty where it did."""
    from docker.errors import APIError  # noqa: PLC0415 - an extra, loaded where it is wanted

    try:
        container.start()
    except APIError as refusal:
        return by_shape(" ".join(str(refusal.explanation).split()))
    return ""


def _watched(container: "Container", setting: TrialSetting) -> Trial:
    began = time.monotonic()
    if failed := _start(container):
        return Trial(None, _CANNOT_START, "", failed)
    while True:
        container.reload()
        state = container.attrs["State"]
        after_s = round(time.monotonic() - began, 1)
        trial = Trial(None, None, _health_words(state), "")
        if (state.get("Health") or {}).get("Status") == "healthy":
            return _asked_to_end(container, replace(trial, healthy_after_s=after_s), setting.grace_s)
        if not state["Running"]:
            return replace(trial, exit_code=int(state["ExitCode"]), log=_log(container))
        if after_s > setting.healthy_s:
            return replace(trial, log=_log(container))
        time.sleep(_TICK_S)


def _asked_to_end(container: "Container", trial: Trial, grace_s: float) -> Trial:
    began = time.monotonic()
    container.stop(timeout=round(grace_s))
    after_s = round(time.monotonic() - began, 1)
    container.reload()
    code = int(container.attrs["State"]["ExitCode"])
    killed = code == _KILLED and after_s >= round(grace_s)
    return replace(trial, ended_after_s=after_s, end_code=code, killed=killed, log=_log(container))


def _health_words(state: Mapping[str, Any]) -> str:
    log = (state.get("Health") or {}).get("Log") or ()
    return by_shape(" ".join(str(log[-1].get("Output") or "").split())[:400]) if log else ""


def _log(container: "Container") -> str:
    return by_shape(container.logs(tail=_LOG_LINES).decode(errors="replace").strip())


def _last_words(container: "Container") -> str:
    lines = [line.strip() for line in _log(container).splitlines() if line.strip()]
    return "; ".join(lines[-3:]) or "it left no word"
