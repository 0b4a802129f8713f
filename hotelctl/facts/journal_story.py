"""What one deploy's journal tells about releases: which one served, which was built, what was proven."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotelctl.core.chain import ChainBroken, decode
from hotelctl.core.errors import Unavailable
from hotelctl.facts.rehearsal import WHOLE, Rehearsal, rehearsal_of


@dataclass(frozen=True, slots=True)
class Story:
    """`former` served before, `built` was built, `chosen` is where a rollback went; all as releases' JSON.

    `schema` is the revision that it left the database at, as far as it tells. `outcome` is None while
    it runs.
    """

    kind: str
    former: Mapping[str, Any] | None
    built: Mapping[str, Any] | None
    chosen: Mapping[str, Any] | None
    switched: bool
    proof: Rehearsal | None
    schema: str | None
    outcome: str | None

    def way_back(self, release: Mapping[str, Any], schema: str | None) -> str | None:
        """How it shows that `release` can be gone back to on `schema`, in words; None when it does not."""
        if self.proof is not None and self.proof.proves(release["id"], release["artifact_sha256"], schema):
            partly = "" if self.proof.proved == WHOLE else f", with {self.proof.proved} of the backup"
            return f"proved class {self.proof.kind}: the release runs on the schema after it{partly}"
        if self.schema != schema:
            return None
        if self.outcome == "rolled_back" and self._is(self.former, release):
            return "was rolled back to it after its switch"
        if self.kind == "rollback" and self.switched and self._is(self.chosen, release):
            return "is a rollback to it"
        if self.kind == "rollback" and self.switched and self._is(self.former, release):
            return "is a rollback away from it, which left the schema that it served on"
        return None

    @staticmethod
    def _is(one: Mapping[str, Any] | None, other: Mapping[str, Any]) -> bool:
        keys = ("id", "artifact_sha256")
        return one is not None and all(one[key] == other[key] for key in keys)


def traffic_came(shown: str, data: bytes, release_id: str) -> datetime | None:
    """When the journal's operation gave traffic to that release; None when it did not.

    Raises:
        Unavailable: its chain is broken.

    """
    came = [
        record["ts_utc"]
        for record in _records(shown, data)
        if _is(record, "switch", "effect") and record["data"].get("to") == release_id
    ]
    return datetime.fromisoformat(str(came[-1])) if came else None


def ready_after(shown: str, data: bytes) -> float | None:
    """Seconds from the start of the journal's release to ready; None where it does not tell.

    Of a release that ran already it tells how long it was looked at, which is no start.

    Raises:
        Unavailable: its chain is broken.

    """
    records = _records(shown, data)
    starts = [r["data"] for r in records if _is(r, "stage", "effect") and "starting" in r["data"]]
    if starts and starts[-1].get("ran"):
        return None
    seconds = _done(records, "stage").get("ready_s")
    return float(seconds) if isinstance(seconds, int | float) else None


def read_story(shown: str, data: bytes) -> Story:
    """The story in a journal's bytes. Raises `Unavailable` when its chain is broken."""
    records = _records(shown, data)
    notes = [r["data"] for r in records if r.get("kind") == "note" and not r.get("step")]
    header: Mapping[str, Any] = notes[0] if notes else {}
    done = {step: _done(records, step) for step in ("build", "backup", "prove", "migrate", "choose")}
    outcomes = [str(r["data"].get("outcome")) for r in records if r.get("kind") == "outcome"]
    return Story(
        kind=str(header.get("operation", "deploy")),
        former=header.get("serving"),
        built=done["build"].get("release"),
        chosen=done["choose"].get("release"),
        switched=_has(records, "switch", "effect") and not _has(records, "switch", "undone"),
        proof=rehearsal_of(done),
        schema=done["migrate"].get("to") or done["choose"].get("revision"),
        outcome=outcomes[-1] if outcomes else None,
    )


def _records(shown: str, data: bytes) -> Sequence[Mapping[str, Any]]:
    try:
        return decode(data).records
    except ChainBroken as broken:
        raise Unavailable(f"{shown}: {broken}") from broken


def _is(record: Mapping[str, Any], step: str, kind: str) -> bool:
    return record.get("step") == step and record.get("kind") == kind


def _done(records: Sequence[Mapping[str, Any]], step: str) -> Mapping[str, Any]:
    found = [r["data"] for r in records if _is(r, step, "done")]
    return found[-1] if found else {}


def _has(records: Sequence[Mapping[str, Any]], step: str, kind: str) -> bool:
    return any(_is(r, step, kind) for r in records)
