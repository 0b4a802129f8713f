"""A release as it lies on the disk of this environment."""

import json
from pathlib import Path

from hotelctl.core.errors import Unavailable
from hotelctl.core.work import Place
from hotelctl.probes.context import Context


def directory_of(release_id: str, context: Context) -> Path:
    """Where it lies."""
    return context.state / "releases" / release_id


def place_of(release_id: str, context: Context) -> Place:
    """As its own commands find it. Raises `Unavailable` when its variables cannot be read."""
    directory = directory_of(release_id, context)
    try:
        env: dict[str, str] = json.loads(context.files.read(directory / "env.json"))
    except (FileNotFoundError, ValueError) as error:
        raise Unavailable("the environment of the serving release cannot be read") from error
    return Place(directory / "venv", env, context.database_url)
