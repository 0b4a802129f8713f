"""Rollback's own step: which good release traffic goes back to, and whether the schema allows it."""

from collections.abc import Mapping, Sequence
from typing import Any

from hotelctl.core.errors import StepFailed, Unavailable, UsageError
from hotelctl.deploy.databases import is_another_database
from hotelctl.deploy.history import Past, past_operations
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.deploy.retention import releases, spoilt_releases
from hotelctl.facts.installed_package import installed_package
from hotelctl.facts.rehearsal import rehearsal_of

_ABBREVIATED = 7
_OTHER = "choose another with --to"


class ChooseStep:
    """The newest good release that is older than what serves and another one, or the one that was named."""

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
        """The release, its artifact found unchanged and the schema of now found fit for it."""
        op, serving = self._op, self._op.former()
        if serving is None and not op.diverged:
            raise StepFailed("nothing serves, so there is nothing to roll back", "hotelctl deploy")
        self._require_database()
        revision = self._revision()
        chosen, proof, skipped = self._first_fit(self._candidates(serving), revision)
        record = op.world.evidence.record("choice", {"release": chosen.to_json(), "schema": proof})
        away = f"from {serving.tag} " if serving else ""
        past = "".join(f"; skipped: {why}" for why in (*self._passed(chosen, serving), *skipped))
        return {
            "release": chosen.to_json(),
            "evidence": record,
            "schema": proof,
            "revision": revision,
            "summary": f"{away}to {chosen.tag}, deployed as {chosen.id}; {proof}{past}",
        }

    def require_named(self) -> None:
        """Return when what was named is kept, fit or not. Raises `UsageError`: nothing need begin."""
        wanted = self._wanted()
        if wanted is not None and wanted not in self._spoilt():
            _named(self._good(self._op.former()), wanted)

    def undo(self) -> str:
        """A choice changes nothing."""
        return "nothing was changed"

    def _wanted(self) -> str | None:
        wanted = self._op.journal.progress().header.get("to")
        return str(wanted) if wanted else None

    def _require_database(self) -> None:
        """Another database than the serving release was deployed to would answer for the wrong schema."""
        op = self._op
        asked = op.journal.progress().header
        done = [
            p for p in past_operations(op.layout, op.world.files) if p.progress.outcome is Outcome.SUCCEEDED
        ]
        if done and asked.get("database") and is_another_database(done[-1].progress.header, asked):
            raise StepFailed(
                "the database is another one than the serving release was deployed with",
                "give it the same database URL as then",
            )

    def _first_fit(
        self, candidates: Sequence[Release], revision: str | None
    ) -> tuple[Release, str, Sequence[str]]:
        """The first that is whole and whose schema proof holds, and why those before it were skipped.

        Raises:
            StepFailed: none is fit; with the reason of the first.

        """
        refusals: list[StepFailed] = []
        for release in candidates:
            try:
                self._require_artifact(release)
                self._require_installation(release)
                return release, self._require_schema(release, revision), [one.message for one in refusals]
            except StepFailed as refusal:
                refusals.append(refusal)
        raise refusals[0]

    def _candidates(self, serving: Release | None) -> Sequence[Release]:
        """The named release, or all older good ones that no rollback left, newest first."""
        good, wanted = self._good(serving), self._wanted()
        if wanted is None:
            return self._older(good, serving)
        if wanted in self._spoilt():
            raise StepFailed(f"release {wanted}: {self._spoilt()[wanted]}", _OTHER)
        return _named(good, wanted)[-1:]

    def _good(self, serving: Release | None) -> Sequence[Release]:
        """All good ones but the one that serves, oldest first."""
        op, here = self._op, serving.id if serving else ""
        return [r for r in releases(op) if op.world.files.exists(op.layout.good(r.id)) and r.id != here]

    def _older(self, good: Sequence[Release], serving: Release | None) -> Sequence[Release]:
        """Newest first, without those that run just what serves: going there would change nothing.

        Raises:
            StepFailed: there is none; the remedy names all that could be had.

        """
        here = serving.id if serving else ""
        older = [r for r in reversed(good) if r.id < here and not self._was_left(r)]
        others = [r for r in older if serving is None or not r.alike(serving)]
        if others:
            return others
        kept = ", ".join(f"--to {r.id}" for r in good)
        remedy = f"name one: {kept}" if kept else "no other one is kept; hotelctl history tells why"
        why = "is another one than the serving one" if older else "is older than the serving one"
        spoilt = "".join(f"; release {name}: {said}" for name, said in self._spoilt().items())
        raise StepFailed(f"no good release {why}{spoilt}", remedy)

    def _spoilt(self) -> Mapping[str, str]:
        """Why the manifests of good releases cannot be read, by id."""
        op = self._op
        return {
            name: why
            for name, why in spoilt_releases(op).items()
            if op.world.files.exists(op.layout.good(name))
        }

    def _passed(self, chosen: Release, serving: Release | None) -> Sequence[str]:
        """Those that would have come before the chosen one, had nobody named it."""
        here = serving.id if serving and not self._wanted() else ""
        return [f"release {name}: {why}" for name, why in self._spoilt().items() if chosen.id < name < here]

    def _was_left(self, release: Release) -> bool:
        """Whether an earlier rollback went away from it."""
        return self._op.world.files.exists(self._op.layout.left(release.id))

    def _require_artifact(self, chosen: Release) -> None:
        op = self._op
        artifact = op.layout.release(chosen.id) / chosen.artifact
        if not op.world.files.exists(artifact) or op.world.files.sha256(artifact) != chosen.artifact_sha256:
            raise StepFailed(f"the artifact of {chosen.tag} is gone or was changed", _OTHER)

    def _require_installation(self, chosen: Release) -> None:
        """What would run is what the artifact lists; only a whole environment can be started again."""
        op = self._op
        artifact = op.layout.release(chosen.id) / chosen.artifact
        try:
            installed = installed_package(op.world.files, artifact, op.layout.venv(chosen.id))
        except Unavailable as trouble:
            raise StepFailed(f"{chosen.tag}: {trouble.reason}", _OTHER) from trouble
        words = "; ".join(said for _path, said in installed.damage())
        if words:
            raise StepFailed(f"what is installed of {chosen.tag} is damaged: {words}", _OTHER)

    def _require_schema(self, chosen: Release, now: str | None) -> str:
        """How it is known that `chosen` runs on the schema as it is now: its own, or proven in a step 6."""
        if now == chosen.migration_head:
            return f"the schema is its own, {now or 'none'}"
        if any(_proves(past, chosen, now) for past in past_operations(self._op.layout, self._op.world.files)):
            return f"proven to run on schema {now}"
        raise StepFailed(
            f"nothing proves that {chosen.tag} runs on schema {now}: it was made for {chosen.migration_head}",
            "choose a newer one with --to; else a restore or a downgrade is needed",
        )

    def _revision(self) -> str | None:
        """The schema now: asked of the database, else as the last migration left it in the journals."""
        op = self._op
        if op.configuration.spec.migrations is None:
            return None
        try:
            return op.world.work.current_revision(op.database_url) if op.database_url else None
        except Unavailable:
            pasts = past_operations(op.layout, op.world.files)
            moved = (past.progress.effect("migrate", "to") for past in reversed(pasts))
            return next((str(revision) for revision in moved if revision), None)


def _named(good: Sequence[Release], wanted: str) -> Sequence[Release]:
    """Those that `wanted` names, oldest first. Raises `UsageError` when there is none."""
    named = [r for r in good if wanted in (r.id, r.version, r.tag) or _abbreviates(wanted, r.commit)]
    if not named:
        known = ", ".join(dict.fromkeys(r.tag for r in good)) or "none"
        raise UsageError(f"no good release {wanted!r} is kept", f"kept are: {known}")
    return named


def _abbreviates(wanted: str, commit: str) -> bool:
    """Whether it is as much of the commit's id as git itself shows; less could be a version, too."""
    return len(wanted) >= _ABBREVIATED and commit.startswith(wanted)


def _proves(past: Past, chosen: Release, revision: str | None) -> bool:
    """Whether step 6 of `past` is a proof of `chosen` itself, on `revision`."""
    rehearsal = rehearsal_of(past.progress.done)
    return rehearsal is not None and rehearsal.proves(chosen.id, chosen.artifact_sha256, revision)
