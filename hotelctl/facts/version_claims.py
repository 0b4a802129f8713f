"""The version of the artifact, and what tag, changelog and image say of it."""

import re
from dataclasses import dataclass

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from hotelctl.core.finding import Location
from hotelctl.facts.changelog import Changelog

_TAG = re.compile(r"^(?:(?P<name>[A-Za-z0-9._-]+?)[-/@_])?v?(?P<version>\d+\.\d+[\w.+!-]*)$")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of HEAD that names a version."""

    text: str
    version: Version


@dataclass(frozen=True, slots=True)
class Label:
    """What an image calls its version, and where it stands."""

    text: str
    version: Version
    place: Location


@dataclass(frozen=True, slots=True)
class VersionClaims:
    """`version` is that of the wheel called `artifact`; `tags` are those of HEAD that name one."""

    artifact: str
    version: Version
    tags: tuple[Tag, ...]
    changelog: Changelog | None
    labels: tuple[Label, ...] = ()


def version_of(tag: str, names: frozenset[str]) -> Version | None:
    """What a tag calls the release: `1.2`, `v1.2`, or one of `names` and a sign before it; else None."""
    hit = _TAG.match(tag)
    if hit is None or (hit["name"] and canonicalize_name(hit["name"]) not in names):
        return None
    return version(hit["version"])


def version(text: str) -> Version | None:
    """The version that `text` is; None when it is none."""
    try:
        return Version(text)
    except InvalidVersion:
        return None
