"""What the service file, the env contract and the requirement files say of the image."""

from collections.abc import Iterator

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.compose import ComposeFiles
from hotelctl.facts.docker_settings import DockerSettings, Said, Started
from hotelctl.facts.requirement_pins import is_pinned
from hotelctl.probes.context import Context
from hotelctl.probes.docker_roots import unread_near
from hotelctl.probes.dockerfiles import dockerfile_names
from hotelctl.probes.env_contract import env_contract

_REQUIREMENTS = ("*requirements*.txt", "*constraints*.txt", "requirements/*.txt", "*/requirements/*.txt")
_PORT = "PORT"


def docker_settings(context: Context, compose: ComposeFiles) -> DockerSettings:
    """The settings, each with its place. Raises `NotApplicable` where the project has no Dockerfile."""
    names = dockerfile_names(context)
    if not names:
        raise NotApplicable("the project has no Dockerfile")
    docker = context.configuration.spec.docker
    return DockerSettings(
        main=names[0],
        port=_port(context) or _composed_port(compose, names[0]),
        probe=Said(docker.probe, _source(context, "probe")) if docker.probe else None,
        registries=docker.registries,
        registries_source=_source(context, "registries"),
        pinned=_pinned(context),
        started={name: _started(compose, name) for name in names},
        unsure={name: why for name in names if (why := unread_near(name, compose) or _open(compose))},
    )


def _source(context: Context, key: str) -> str:
    return str(context.configuration.source(f"docker.{key}"))


def _port(context: Context) -> Said | None:
    """The service file's own word, else the default of the contract's key PORT."""
    port = context.configuration.spec.docker.port
    if port is not None:
        return Said(str(port), _source(context, "port"))
    try:
        contract = env_contract(context)
    except (NotApplicable, Unavailable):
        return None
    rule = contract.keys.get(_PORT)
    if rule is None or rule.default is None:
        return None
    return Said(rule.default, f"{contract.path}:{contract.lines.get(_PORT, 1)}")


def _composed_port(compose: ComposeFiles, dockerfile: str) -> Said | None:
    """The one port of the containers that it builds; which of several is the service's nobody says."""
    services = compose.built_by(dockerfile)
    ports = {port: str(place) for one in services for port, place in one.ports.items()}
    return Said(*(str(word) for word in next(iter(ports.items())))) if len(ports) == 1 else None


def _open(compose: ComposeFiles) -> str:
    """The first command of which nobody can tell what it composes; empty without one."""
    return next(iter(compose.open_calls), "")


def _started(compose: ComposeFiles, dockerfile: str) -> tuple[Started, ...]:
    """One a composition; those that only build count where none is known to start anything."""
    every = compose.building(dockerfile)
    starting = [one for one in every if one[0].starts] or every
    return tuple(
        Started(
            composition=made.name,
            service=services[0].name,
            place=services[0].place,
            said=str(made.said or ""),
            asks=any(one.asks for one in services),
            silenced=services[-1].silenced if all(one.silenced for one in services) else None,
        )
        for made, services in starting
    )


def _pinned(context: Context) -> frozenset[str]:
    """Base names under which every requirements file of the project is pinned."""
    found = dict.fromkeys((*context.repository.tracked(_REQUIREMENTS), *_lock(context)))
    verdicts: dict[str, bool] = {}
    for name in found:
        base = name.rpartition("/")[2]
        verdicts[base] = verdicts.get(base, True) and _is_pinned(context, name)
    return frozenset(base for base, good in verdicts.items() if good)


def _lock(context: Context) -> Iterator[str]:
    build = context.configuration.spec.build_
    if build is not None:
        yield build.requirements


def _is_pinned(context: Context, name: str) -> bool:
    path = context.configuration.project / name
    if not context.files.exists(path) or not context.files.is_file(path):
        return False
    return is_pinned(context.files.read(path).decode("utf-8-sig", errors="replace"))
