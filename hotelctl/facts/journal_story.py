"""What one deploy's journal tells about releases: which one served, which was built, what was proven."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotelctl.core.chain import ChainBroken, decode
from hotelctl.core.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Story:
    """`former` served before, `built` was built; both as releases' JSON. `outcome` is None while it runs."""

    kind: str
    former: Mapping[str, Any] | None
    built: Mapping[str, Any] | None
    switched: bool
    proven_class: str | None
    outcome: str | None

    def rehearsal(self) -> str | None:
        """How the way back was shown to work, in words; None when it was not."""
        if self.outcome == "rolled_back":
            return "was rolled back after its switch"
        if self.kind == "rollback" and self.switched:
            return "is a rollback"
        if self.former is not None and self.proven_class in ("A", "B"):
            return f"proved class {self.proven_class}: the former release runs on the schema after it"
        return None


def read_story(shown: str, data: bytes) -> Story:
    """The story in a journal's bytes. Raises `Unavailable` when its chain is broken."""
    try:
        records = decode(data).records
    except ChainBroken as broken:
        raise Unavailable(f"{shown}: {broken}") from broken
    notes = [r["data"] for r in records if r.get("kind") == "note" and not r.get("step")]
    header: Mapping[str, Any] = notes[0] if notes else {}
    prove, build = _done(records, "prove"), _done(records, "build")
    outcomes = [str(r["data"].get("outcome")) for r in records if r.get("kind") == "outcome"]
    return Story(
        kind=str(header.get("operation", "deploy")),
        former=header.get("serving"),
        built=build.get("release"),
        switched=_has(records, "switch", "effect") and not _has(records, "switch", "undone"),
        proven_class=prove.get("class"),
        outcome=outcomes[-1] if outcomes else None,
    )


def _done(records: Sequence[Mapping[str, Any]], step: str) -> Mapping[str, Any]:
    found = [r["data"] for r in records if r.get("step") == step and r.get("kind") == "done"]
    return found[-1] if found else {}


def _has(records: Sequence[Mapping[str, Any]], step: str, kind: str) -> bool:
    return any(r.get("step") == step and r.get("kind") == kind for r in records)
