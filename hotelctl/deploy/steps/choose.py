"""Rollback's own step: which good release traffic goes back to, and whether the schema allows it."""

from collections.abc import Mapping
from typing import Any

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.history import Past, past_operations
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.deploy.retention import releases

_ALLOWS = ("A", "B")


class ChooseStep:
    """The newest good release older than what serves, or the one that was named."""

    name = "choose"
    title = "Choose the release to go back to"

    def __init__(self, operation: Operation) -> None:
        """Work on `operation`; its header may name the release wanted."""
        self._op = operation

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        wanted = self._wanted()
        return (f"take {wanted}" if wanted else "take the newest good release before the serving one",)

    def apply(self) -> Mapping[str, Any]:
        """The release, after its artifact was found unchanged and every schema change between allows it."""
        op, serving = self._op, self._op.former()
        if serving is None:
            raise StepFailed("nothing serves, so there is nothing to roll back", "hotelctl deploy")
        chosen = self._choose(serving)
        self._require_artifact(chosen)
        classes = self._require_schema(chosen, serving)
        record = op.world.evidence.record("choice", {"release": chosen.to_json(), "classes": classes})
        return {
            "release": chosen.to_json(),
            "evidence": record,
            "classes": classes,
            "summary": f"from {serving.tag} to {chosen.tag}, deployed as {chosen.id}; {_words(classes)}",
        }

    def undo(self) -> str:
        """A choice changes nothing."""
        return "nothing was changed"

    def _wanted(self) -> str | None:
        wanted = self._op.journal.progress().header.get("to")
        return str(wanted) if wanted else None

    def _choose(self, serving: Release) -> Release:
        op, wanted = self._op, self._wanted()
        good = [r for r in releases(op) if op.world.files.exists(op.layout.good(r.id)) and r.id != serving.id]
        if wanted is None:
            older = [release for release in good if release.id < serving.id]
            if not older:
                raise StepFailed(
                    "no good release is older than the serving one", "hotelctl history shows what there was"
                )
            return older[-1]
        named = [
            r for r in good if wanted in (r.id, r.version, r.tag, r.commit) or r.commit.startswith(wanted)
        ]
        if not named:
            known = ", ".join(r.tag for r in good) or "none"
            raise StepFailed(f"no good release {wanted!r} is kept", f"kept are: {known}")
        return named[-1]

    def _require_artifact(self, chosen: Release) -> None:
        op = self._op
        artifact = op.layout.release(chosen.id) / chosen.artifact
        if not op.world.files.exists(artifact) or op.world.files.sha256(artifact) != chosen.artifact_sha256:
            raise StepFailed(
                f"the artifact of {chosen.tag} is gone or was changed", "choose another with --to"
            )

    def _require_schema(self, chosen: Release, serving: Release) -> list[str]:
        """The rollback classes of all deploys after `chosen` up to `serving`."""
        low, high = sorted((chosen.id, serving.id))
        between = [p for p in past_operations(self._op.layout, self._op.world.files) if low < p.id <= high]
        deploys = [past for past in between if past.operation == "deploy" and _took_effect(past)]
        classes = [str(past.progress.done["prove"]["class"]) for past in deploys]
        refused = [past.id for past, found in zip(deploys, classes, strict=True) if found not in _ALLOWS]
        if refused and chosen.id < serving.id:
            raise StepFailed(
                f"the schema change of {refused[0]} is not proven to carry {chosen.tag}",
                "a restore or a downgrade is needed; traffic stays where it is",
            )
        return classes


def _took_effect(past: Past) -> bool:
    """Whether it changed the schema for good: it finished, or it was taken back after its migration."""
    done = past.progress.done
    return "prove" in done and (past.progress.outcome is Outcome.SUCCEEDED or "migrate" in done)


def _words(classes: list[str]) -> str:
    return f"schema class {', '.join(classes)}" if classes else "no schema change between"
