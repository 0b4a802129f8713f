"""All packages of one environment by what they say of themselves, and where they contradict one another.

Source: pip check asks the same of the same files; it starts a program for it, which takes half a second.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from hotelctl.core.errors import Unavailable
from hotelctl.facts.package_metadata import PackageMetadata, read_metadata
from hotelctl.facts.requires import requirement, wanted_here


@dataclass(frozen=True, slots=True)
class Conflict:
    """`needed_by` asks for what is not there (`found` is None), or not in this version."""

    needed_by: str
    asked: Requirement
    found: str | None


@dataclass(frozen=True, slots=True)
class EnvironmentPackages:
    """`place` is the directory that holds them."""

    place: str
    packages: Mapping[NormalizedName, PackageMetadata]

    def conflicts(self) -> Iterator[Conflict]:
        """Each requirement that is not met. Raises `Unavailable` where one cannot be read."""
        for _, package in sorted(self.packages.items()):
            for asked in filter(wanted_here, map(requirement, package.requires)):
                there = self.packages.get(canonicalize_name(asked.name))
                found = there.version if there else None
                if found is None or not asked.specifier.contains(found, prereleases=True):
                    yield Conflict(f"{package.name} {package.version}", asked, found)


def read_packages(place: str, files: Mapping[str, bytes | str]) -> EnvironmentPackages:
    """The packages by their METADATA files, which are named relative to `place`.

    Raises:
        Unavailable: one cannot be read, or there is none.

    """
    found: dict[NormalizedName, PackageMetadata] = {}
    for name, data in sorted(files.items()):
        if isinstance(data, str):
            raise Unavailable(f"{name} {data}")
        try:
            package = read_metadata(data)
        except ValueError as error:
            raise Unavailable(f"{name}: {error}") from error
        found[canonicalize_name(package.name)] = package
    if not found:
        raise Unavailable(f"{place} holds no package")
    return EnvironmentPackages(place, found)
