"""Whether the way back is open: the previous release, its artifact, and who has gone that way."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RollbackReadiness:
    """`sha256_now` is None when the artifact is gone; `rehearsals` name journals of a way back taken."""

    previous: str
    artifact: str
    sha256_at_build: str
    sha256_now: str | None
    rehearsals: tuple[str, ...]
