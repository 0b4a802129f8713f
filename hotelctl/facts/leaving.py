"""What leaves the repository beside what git tracks, and where secrets stand in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotelctl.facts.leaks import Leak
from hotelctl.facts.secret_copies import SecretCopy


@dataclass(frozen=True, slots=True)
class ContextFiles:
    """Bytes by path of the files that git ignores and that are sent to the engine all the same.

    `dockerfiles` are those that something is built by; `doubts` says by path why one was not read.
    """

    dockerfiles: tuple[str, ...]
    files: Mapping[str, bytes]
    doubts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ArtifactFiles:
    """Bytes of what the artifact `name` holds, by its name and the member's; empty where none is built.

    `left_out` says why nobody looked into the one that there may be.
    """

    name: str
    files: Mapping[str, bytes]
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class LeavingCopies:
    """Where the service's own secrets stand in all of these; `doubts` as of `LeavingLeaks`."""

    copies: tuple[SecretCopy, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeavingLeaks:
    """What a scanner found there, but in members of the artifact that git tracks as they are.

    `doubts` says by path why an archive among them was not opened.
    """

    argv: tuple[str, ...]
    leaks: tuple[Leak, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)
