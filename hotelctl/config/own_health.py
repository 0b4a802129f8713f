"""The paths that one release answers, whatever the service file says today."""

from pathlib import Path

from hotelctl.config.pinned import pinned
from hotelctl.config.service import Health, ServiceSpec
from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Files


def own_health(kept: Path, files: Files, today: ServiceSpec, release_id: str) -> Health:
    """What the release was built with, as `kept` says, its service.json.

    Today's where that is not there or cannot be read: who looks at a release goes on, and what it
    answers decides.
    """
    try:
        return pinned(files.read(kept), today, release_id).health if files.exists(kept) else today.health
    except (OSError, StepFailed):
        return today.health
