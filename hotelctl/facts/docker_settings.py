"""What the service says of its image, each with the place that says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Said:
    """A value and `file:line` of it."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class DockerSettings:
    """`port` and `probe` are None where nothing says them; without `registries` every one is allowed.

    `pinned` are requirement files, by their base names, in which every package has one version.
    `main` is the Dockerfile of the service itself; `asked` says by Dockerfile which compose file has a
    health check for what it builds, `unsure` why nobody knows whether one has: it cannot be read.
    """

    main: str
    port: Said | None = None
    probe: Said | None = None
    registries: tuple[str, ...] = ()
    registries_source: str = ""
    pinned: frozenset[str] = frozenset()
    asked: Mapping[str, Said] = field(default_factory=lambda: MappingProxyType({}))
    unsure: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
