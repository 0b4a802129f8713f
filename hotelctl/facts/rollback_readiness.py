"""Whether the way back is open: the previous release, its files, and who has gone that way."""

from dataclasses import dataclass

from hotelctl.facts.artifact import DeployedArtifact


@dataclass(frozen=True, slots=True)
class RollbackReadiness:
    """The release that served before, and the journals of a way back to it, each with what it did."""

    previous: DeployedArtifact
    rehearsals: tuple[str, ...]
