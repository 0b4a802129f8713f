"""What of the service file belongs to one release: code and configuration return together."""

from pydantic import ValidationError

from hotelctl.config.external import External
from hotelctl.config.service import Health, Run, ServiceSpec, Smoke
from hotelctl.config.table import Table
from hotelctl.core.errors import StepFailed

REPLACED = "hotelctl rollback --to another release, or deploy its commit again"


class Pinned(Table):
    """How the release is started and stopped, how it tells its health, and what it is asked.

    `external` is None for one that was built before outside services were kept with it.
    """

    run: Run
    health: Health
    smoke: Smoke
    external: dict[str, External] | None = None


def pin(spec: ServiceSpec) -> bytes:
    """What is kept with a release that is built by this service file."""
    own = Pinned(run=spec.run, health=spec.health, smoke=spec.smoke, external=spec.external)
    return own.model_dump_json(by_alias=True).encode()


def in_doubt(kept: bytes | None, today: ServiceSpec, release_id: str) -> Pinned:
    """The same; where it cannot be read, as today's service file says.

    For a release that runs already, and is to run on: nothing is decided by what it once was built with.
    """
    try:
        return pinned(kept, today, release_id)
    except StepFailed:
        return pinned(None, today, release_id)


def pinned(kept: bytes | None, today: ServiceSpec, release_id: str) -> Pinned:
    """What the release was built with.

    One from before this was kept is started and asked as today's service file says; of programs it
    would have none.

    Raises:
        StepFailed: what was kept cannot be read.

    """
    if kept is None:
        smoke = today.smoke.model_copy(update={"command": (), "carry": None})
        return Pinned(run=today.run, health=today.health, smoke=smoke)
    try:
        # What a newer hotelctl keeps besides is no damage.
        return Pinned.model_validate_json(kept, extra="ignore")
    except ValidationError as error:
        raise StepFailed(
            f"how release {release_id} is started and asked cannot be read: its service.json is damaged",
            REPLACED,
        ) from error
