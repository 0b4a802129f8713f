"""What the service says of its image, each with the place that says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hotelctl.core.finding import Location


@dataclass(frozen=True, slots=True)
class Said:
    """A value and `file:line` of it."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Started:
    """How compose files that are run as one start what a Dockerfile builds.

    `composition` are the files, `place` is that of the first such service, `said` who composes them so,
    empty where nobody names them. It `asks` where one of the services does; `silenced` is where the last of
    them switches the image's own health check off, None where one leaves it.
    """

    composition: str
    service: str
    place: Location
    said: str = ""
    asks: bool = False
    silenced: Location | None = None


@dataclass(frozen=True, slots=True)
class DockerSettings:
    """`port` and `probe` are None where nothing says them; without `registries` every one is allowed.

    `pinned` are requirement files, by their base names, in which every package has one version.
    `main` is the Dockerfile of the service itself; `started` says by Dockerfile how each composition starts
    what it builds, `unsure` why nobody knows all of them: one cannot be read, or told before it runs.
    """

    main: str
    port: Said | None = None
    probe: Said | None = None
    registries: tuple[str, ...] = ()
    registries_source: str = ""
    pinned: frozenset[str] = frozenset()
    started: Mapping[str, tuple[Started, ...]] = field(default_factory=lambda: MappingProxyType({}))
    unsure: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
