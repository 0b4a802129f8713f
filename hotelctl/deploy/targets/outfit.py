"""What a release's container is made of: its image, its variables, and what it is given of this machine."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from hotelctl.config.release_env import led_to
from hotelctl.config.service import ServiceSpec
from hotelctl.config.template import fill
from hotelctl.core.containers import Bind, Containers, Handed, ImageStart, Wanted
from hotelctl.core.errors import StepFailed
from hotelctl.deploy.release import Release
from hotelctl.deploy.targets import contained_database, contained_env
from hotelctl.deploy.targets.moored import REVISION
from hotelctl.deploy.targets.places import Places

_OF_EDGES = ("volumes", "address")
_ROOT = ("", "0", "root")


@dataclass(frozen=True, slots=True)
class Outfit:
    """`env` are the release's variables as its container has them; `hosts` what it knows besides.

    `handed` are the copies that it gets, `contents` is a digest of what is in them, `ids` are the user and
    the group whose they are there. `variables` is a copy of their file, where it cannot be bound.
    """

    image: str
    argv: tuple[str, ...]
    port: int
    env: Mapping[str, str]
    binds: tuple[Bind, ...]
    hosts: Mapping[str, str]
    user: str | None
    handed: tuple[Handed, ...] = ()
    contents: str = ""
    ids: tuple[int, int] = (0, 0)
    variables: tuple[Handed, ...] = ()

    def wanted(self, name: str, network: str, host_port: int | None, labels: Mapping[str, str]) -> Wanted:
        """The container, whose variables no engine tells; another outfit has another revision."""
        made = Wanted(
            name=name,
            image=self.image,
            argv=contained_env.sourced(self.argv),
            labels=labels,
            network=network,
            port=self.port,
            host_port=host_port,
            env={},
            binds=self.binds,
            hosts=self.hosts,
            user=self.user,
        )
        # Nothing of a release, and what was made before there were such goes on being the same.
        told = {key: value for key, value in asdict(made).items() if key not in _OF_EDGES}
        parts = json.dumps([told, dict(self.env), self.contents], sort_keys=True)
        return replace(made, labels={**labels, REVISION: hashlib.sha256(parts.encode()).hexdigest()[:16]})

    @property
    def fits_a_shell(self) -> bool:
        """Whether a shell can hand on all its variables: some drop names that are none of theirs."""
        return all(map(contained_env.is_word, self.env))

    def plain(self, wanted: Wanted) -> Wanted:
        """The same with its variables given plainly."""
        return replace(wanted, argv=self.argv, env=self.env)


def fitted(
    places: Places, spec: ServiceSpec, release: Release, image: ImageStart, env: Mapping[str, str]
) -> Outfit:
    """The outfit, with the file of its variables written. Raises `StepFailed` for what is not there."""
    url_env = spec.database.url_env if spec.database else ""
    way = contained_database.way(env[url_env]) if url_env in env else contained_database.Way("")
    given = moved(led_to(env, url_env, way.url) if way.url else dict(env), places, spec)
    handed = handed_to(places, spec)
    return Outfit(
        image=str(release.image),
        argv=image.argv,
        port=port_of(spec, image),
        env=given,
        binds=(contained_env.keep(places.release(release.id), given), *_mounts(places, spec), *way.binds),
        hosts=way.hosts,
        user=spec.docker.run.user,
        handed=handed,
        contents=digest(handed),
        ids=ids(spec.docker.run.user or image.user) if handed else (0, 0),
    )


def fitted_elsewhere(
    places: Places, spec: ServiceSpec, release: Release, image: ImageStart, env: Mapping[str, str]
) -> Outfit:
    """The same for an engine that has no file of this machine. Raises `StepFailed` for what it lacks."""
    url_env = spec.database.url_env if spec.database else ""
    if url_env in env and contained_database.only_here(env[url_env]):
        raise StepFailed(
            f"{url_env} names a database that only this machine reaches, and the engine is elsewhere",
            "name the database by a host that the containers there reach, too",
        )
    given, copies = moved(env, places, spec), handed_to(places, spec)
    kept = contained_env.keep(places.release(release.id), given)
    run = spec.docker.run
    return Outfit(
        image=str(release.image),
        argv=image.argv,
        port=port_of(spec, image),
        env=given,
        binds=(
            *(Bind(path, path) for path in run.mounts),
            *(Bind(path, path, writable=True) for path in run.writable),
        ),
        hosts={},
        user=run.user,
        handed=copies,
        contents=digest(copies),
        ids=ids(run.user or image.user) if copies else (0, 0),
        variables=(Handed(kept.source, kept.place),),
    )


def usable_image(containers: Containers, release: Release, spec: ServiceSpec) -> ImageStart:
    """How the release's image starts. Raises `StepFailed` for one that is gone, or starts nothing."""
    image = containers.image(str(release.image))
    if image is None:
        raise StepFailed(
            f"the container engine has no image {release.image} of release {release.id}",
            f"deploy commit {release.commit[:12]} again: that builds it",
        )
    if not image.argv:
        raise StepFailed(f"the image {release.image} starts nothing", "give its Dockerfile a CMD")
    user = spec.docker.run.user or image.user
    if user.partition(":")[0] in _ROOT:
        raise StepFailed(
            f"the image {release.image} runs as root", "give its Dockerfile a line as USER 10001:10001"
        )
    return image


def port_of(spec: ServiceSpec, image: ImageStart) -> int:
    """Where the service listens in its container. Raises `StepFailed` where nobody can tell."""
    if spec.docker.port is not None:
        return spec.docker.port
    if len(image.ports) == 1:
        return image.ports[0]
    raise StepFailed(
        f"the image exposes {len(image.ports)} ports, so nobody can tell which one the service listens on",
        "say it in the service file: port in [docker]",
    )


def require_given(spec: ServiceSpec) -> None:
    """Return when all is there that a container is to be given. Raises `StepFailed`.

    What lies in the environment's directory may be made before the container is.
    """
    run = spec.docker.run
    _require_all((*run.mounts, *run.writable, *run.handed))


def require_handed(spec: ServiceSpec) -> None:
    """The same for an engine elsewhere, where only what is handed over is of this machine."""
    run = spec.docker.run
    for path in (*run.mounts, *run.writable):
        if path.startswith("{state}/"):
            raise StepFailed(
                f"[docker.run] gives {path} of this machine to the container, whose engine is elsewhere",
                "name it in handed, or name a directory of the engine's host",
            )
    _require_all(run.handed)


def _require_all(paths: Iterable[str]) -> None:
    for path in paths:
        if not path.startswith("{state}/"):
            _require_there(path)


def _mounts(places: Places, spec: ServiceSpec) -> tuple[Bind, ...]:
    """What the service file gives to the container, at the same place as here or in its own `{state}`."""
    run, values = spec.docker.run, {"state": str(places.state)}
    asked = [*((path, False) for path in run.mounts), *((path, True) for path in run.writable)]
    found = [(fill(path, values, "docker.run.mounts"), writable) for path, writable in asked]
    for path, _ in found:
        _require_there(path)
    return tuple(Bind(path, _within(path, places, spec), writable) for path, writable in found)


def ids(user: str) -> tuple[int, int]:
    """As the engine reads them: without a group it is that of root."""
    number, _, group = user.partition(":")
    if not number.isdigit() or not (group or "0").isdigit():
        raise StepFailed(
            f"the image's user is {user}, and only the image knows which number that is",
            "give its Dockerfile a line as USER 10001:10001, or say user in [docker.run]",
        )
    return int(number), int(group or 0)


def _require_there(path: str) -> None:
    if not Path(path).exists():
        raise StepFailed(f"[docker.run] gives {path} to the container, which is not there", f"mkdir {path}")


def _within(path: str, places: Places, spec: ServiceSpec) -> str:
    """Where a path of the environment's directory is in the container, which has one of its own."""
    state = str(places.state)
    inside = path == state or path.startswith(f"{state}/")
    return spec.docker.state + path.removeprefix(state) if inside else path


def moved(env: Mapping[str, str], places: Places, spec: ServiceSpec) -> dict[str, str]:
    """The variables as a container has them, whose `{state}` is another place."""
    return {name: _within(value, places, spec) for name, value in env.items()}


def handed_to(places: Places, spec: ServiceSpec) -> tuple[Handed, ...]:
    """What the container gets copies of. Raises `StepFailed` for what is not there."""
    values = {"state": str(places.state)}
    found = [fill(path, values, "docker.run.handed") for path in spec.docker.run.handed]
    for path in found:
        _require_there(path)
    return tuple(Handed(path, _within(path, places, spec)) for path in found)


def digest(handed: Sequence[Handed]) -> str:
    """Of all that is in them: with other keys than it was given a container is another one."""
    whole = hashlib.sha256()
    for one in handed:
        source = Path(one.source)
        for path in sorted([source, *source.rglob("*")]):
            content = path.read_bytes() if path.is_file() else b""
            whole.update(f"{one.place} {path.relative_to(source)} {len(content)} ".encode() + content)
    return whole.hexdigest() if handed else ""
