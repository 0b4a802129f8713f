"""A release as it lies on the disk of this environment."""

import json
from dataclasses import replace
from pathlib import Path

from hotelctl.config.own_health import own_health
from hotelctl.config.pinned import Pinned, pinned
from hotelctl.config.service import Health
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.work import Place
from hotelctl.facts.state_file import variables
from hotelctl.probes.context import Context


def directory_of(release_id: str, context: Context) -> Path:
    """Where it lies."""
    return context.state / "releases" / release_id


def place_of(release_id: str, context: Context) -> Place:
    """As its own commands find it. Raises `Unavailable` when its variables cannot be read."""
    directory = directory_of(release_id, context)
    try:
        env = variables(json.loads(context.files.read(directory / "env.json")))
    except (FileNotFoundError, ValueError) as error:
        raise Unavailable("the environment of the serving release cannot be read") from error
    return Place(directory / "venv", env, context.database() if context.database_url else None)


def service_of(release_id: str, context: Context) -> Pinned:
    """What of the service file it was built with. Raises `Unavailable` when that cannot be read."""
    path = directory_of(release_id, context) / "service.json"
    kept = context.files.read(path) if context.files.exists(path) else None
    try:
        return pinned(kept, context.configuration.spec, release_id)
    except StepFailed as error:
        raise Unavailable(error.message) from error


def health_of(release_id: str, context: Context) -> Health:
    """The paths that it answers: its own, else today's."""
    path = directory_of(release_id, context) / "service.json"
    return own_health(path, context.files, context.configuration.spec, release_id)


def as_built(release_id: str, context: Context) -> Context:
    """The same, where the outside services are those that the release was built with."""
    external = service_of(release_id, context).external
    if external is None:
        return context
    here = context.configuration
    spec = here.spec.model_copy(update={"external": external})
    return replace(context, configuration=replace(here, spec=spec))
