"""A release: what one deploy puts into service, pinned so that code and configuration return together."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hotelctl.facts.likeness import LIKENESS


@dataclass(frozen=True, slots=True)
class Release:
    """`id` is the deploy's id: every outside name is made from it.

    `artifact` is relative to the release's directory, `artifact_sha256` its hex digest.
    `env_fingerprints` holds a short keyed hash a variable, never a value.
    `migration_head` is the schema revision that this release's migrations end in.
    `image` is the id of the image that its containers are made from, `sha256:` and 64 hex digits; None where
    it runs from its directory.
    """

    id: str
    version: str
    commit: str
    artifact: str
    artifact_sha256: str
    migration_head: str | None
    env_fingerprints: Mapping[str, str]
    image: str | None = None

    @property
    def tag(self) -> str:
        """`<version>-<sha12>`: the name of the artifact for people."""
        return f"{self.version}-{self.commit[:12]}"

    def alike(self, other: "Release") -> bool:
        """Whether both run the same artifact of the same commit with the same values, whatever their ids."""
        return all(getattr(self, name) == getattr(other, name) for name in LIKENESS)

    def to_json(self) -> dict[str, Any]:
        """A plain mapping; `from_json` reads it again."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Release":
        """The release that `to_json` wrote, of an older one too. Raises `KeyError` for a missing field."""
        return cls(**{"image": data.get("image"), **{name: data[name] for name in _ALWAYS}})


_ALWAYS = tuple(name for name in Release.__slots__ if name != "image")
