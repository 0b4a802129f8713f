"""Where values that are known to be secret stand in what was ever committed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotelctl.core.history import Trace


@dataclass(frozen=True, slots=True)
class PastCopy:
    """One object of the repository that holds one of them; `mark` stands for the value.

    Or the name of a branch or a tag is one: `called` says which kind, and the object is what it points at.
    `traces` are the commits in which it came or went, oldest first. `reached` says whether HEAD, a branch or
    a tag leads to it; None where that could not be found out.
    """

    names: tuple[str, ...]
    object_id: str
    mark: str
    encoded: bool
    traces: tuple[Trace, ...]
    reached: bool | None
    called: str = ""


@dataclass(frozen=True, slots=True)
class SecretHistory:
    """What was found in `objects` objects.

    `gap` says why the clone does not hold all, or could not be read; empty where it was all searched.
    `doubts` says by path why an archive was not opened.
    """

    objects: int
    copies: tuple[PastCopy, ...]
    gap: str = ""
    doubts: Mapping[str, str] = field(default_factory=dict)
