"""A wheel as it lies in its archive: what it holds, what it says of itself, and where the two differ."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType

from hotelctl.core.errors import Unavailable
from hotelctl.facts.package_metadata import PackageMetadata, read_metadata
from hotelctl.facts.test_code import looks_like_test
from hotelctl.facts.wheel_record import Fault, faults

_MOST_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Wheel:
    """`digests` are the sha256 of its members by their names; `faults` is where its RECORD is not true.

    `metadata` is None where it holds none that can be read. `suspects` are the bytes of the members that
    are named as tests are.
    """

    name: str
    digests: Mapping[str, str]
    faults: tuple[Fault, ...] = ()
    metadata: PackageMetadata | None = None
    suspects: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def described(self) -> PackageMetadata:
        """Its metadata. Raises `Unavailable` where it has none."""
        if self.metadata is None:
            raise Unavailable(f"{self.name} holds no METADATA that can be read")
        return self.metadata


def open_wheel(name: str, data: bytes) -> Wheel:
    """The wheel in `data`.

    Raises:
        Unavailable: as `members` does.

    """
    with _opened(name, data) as (archive, held):
        found = tuple(faults(archive, held))
    return Wheel(
        name,
        {member: hashlib.sha256(content).hexdigest() for member, content in held.items()},
        found,
        _metadata(held),
        {member: content for member, content in held.items() if looks_like_test(member)},
    )


def members(name: str, data: bytes) -> Mapping[str, bytes]:
    """What the wheel in `data` holds.

    Raises:
        Unavailable: it is no archive, is damaged or encrypted, or would unpack to more than 2 GB.

    """
    with _opened(name, data) as (_, held):
        return held


@contextmanager
def _opened(name: str, data: bytes) -> Iterator[tuple[zipfile.ZipFile, dict[str, bytes]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
                raise Unavailable(f"{name} would unpack to more than {_MOST_BYTES / 1e9:.0f} GB")
            yield (
                archive,
                {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()},
            )
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise Unavailable(f"{name} cannot be read: {error}") from error


def _metadata(held: Mapping[str, bytes]) -> PackageMetadata | None:
    found = [name for name in held if PurePosixPath(name).match("*.dist-info/METADATA")]
    try:
        return read_metadata(held[found[0]]) if len(found) == 1 else None
    except ValueError:
        return None
