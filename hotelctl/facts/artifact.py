"""What a build left, and where it went from there."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from hotelctl.core.errors import Unavailable
from hotelctl.facts.installed_package import InstalledPackage


@dataclass(frozen=True, slots=True)
class Export:
    """A copy of the tree of `commit` apart from the checkout: clean, but for what a build left in it."""

    commit: str
    path: Path


@dataclass(frozen=True, slots=True)
class Artifact:
    """One build: `path` is None when it failed, and `words` says how. `names` holds each member's bytes.

    `dirty` and `hidden` are the checkout's deviations from the commit while it was built.
    """

    commit: str
    argv: tuple[str, ...]
    exit_code: int | None
    words: str
    path: Path | None
    sha256: str
    names: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    dirty: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageData:
    """The patterns of the service file that the artifact's members must match."""

    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArtifactSize:
    """The size of what was built and the limit that `source` sets; `largest` are members, unpacked."""

    name: str
    size_bytes: int
    limit_bytes: int
    source: str
    largest: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class DeployedArtifact:
    """The artifact of a release: its digest as built and as it lies there now, and its installation.

    `installed` is None where the artifact is not as it was built, so that nothing can be held against it.
    """

    release_id: str
    path: str
    sha256_at_build: str
    sha256_now: str | None
    installed: InstalledPackage | None


def read_wheel(data: bytes) -> dict[str, int]:
    """The members of a wheel with their sizes in bytes. Raises `Unavailable` for no zip archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {info.filename: info.file_size for info in archive.infolist() if not info.is_dir()}
    except zipfile.BadZipFile as error:
        raise Unavailable(f"the artifact is not a wheel: {error}") from error
