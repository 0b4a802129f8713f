"""The release that a directory of the environment holds."""

from pathlib import Path

from hotelctl.core.errors import Diverged, UsageError
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.release import Release
from hotelctl.facts.state_file import read_again

_OTHER = "hotelctl rollback --to ID"


def serving_release(layout: Layout, name: str) -> Release:
    """The release `name`, which has the traffic. Raises `Diverged` when its manifest tells nothing."""
    manifest = layout.manifest(name)
    if not manifest.exists():
        raise Diverged(f"the serving release {name} has no manifest", _OTHER)
    try:
        return read_again(manifest, manifest.read_bytes(), Release.from_json, _OTHER)
    except UsageError as error:
        raise Diverged(f"the serving release {name}: {error.message}", error.hint) from error


def stray(pointer: Path, address: str) -> Diverged:
    """What to raise where `pointer` names an address of nobody in this environment."""
    return Diverged(
        f"the edge points at {address[:60]!r}, where no release of this environment belongs",
        f"somebody changed {pointer}; hotelctl rollback --to ID mends it",
    )
