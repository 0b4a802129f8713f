"""The releases of this environment as its journals and its disk tell of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.artifact import DeployedArtifact
from hotelctl.facts.installed_package import installed_package
from hotelctl.facts.journal_story import Story, read_story
from hotelctl.facts.likeness import LIKENESS
from hotelctl.facts.rollback_readiness import RollbackReadiness
from hotelctl.probes.context import Context


def deployed_artifact(context: Context) -> DeployedArtifact:
    """The artifact that serves: its digest in the journal of its build, and its digest now."""
    wanted = context.release().release_id
    release = _built(tuple(_newest_first(context)), wanted)
    if release is None:
        raise Unavailable(f"no journal tells of the build of release {wanted}")
    return _kept(context, release)


def rollback_readiness(context: Context) -> RollbackReadiness:
    """The release that a rollback would go back to, and the journals that show the way back to it."""
    serving = context.release().release_id
    stories = tuple(_newest_first(context))
    newest = next((story for _name, story in stories if story.switched), None)
    if newest is None:
        raise Unavailable("no journal tells how this release came to serve")
    if newest.former is None and newest.kind == "rollback":
        raise Unavailable("the last rollback began where nobody could tell what served")
    if newest.former is None:
        raise NotApplicable("this is the first release, there is none to go back to")
    former, schema = _another(stories, newest.former, serving), _schema(context, stories)
    if former is None:
        raise NotApplicable("what served before is what serves: going back would change nothing")
    shown = tuple(f"{name} {words}" for name, one in stories if (words := one.way_back(former, schema)))
    return RollbackReadiness(_kept(context, former), (*shown, *_rehearsed(context, former, schema)))


def _rehearsed(context: Context, former: Mapping[str, Any], schema: str | None) -> Iterator[str]:
    """The rehearsals that went back to the commit of `former` on a copy with the schema of now."""
    for path in context.files.glob(context.state / "rehearsals", "*.json"):
        data = context.files.read(path)
        # One that nobody can read any more shows nothing.
        with suppress(ValueError, KeyError, TypeError):
            noted = json.loads(data)
            if (noted["current"], noted["schema"]) == (former["commit"], schema):
                yield f"{path.stem} went back to it on a copy"


def _built(stories: Sequence[tuple[str, Story]], release_id: str) -> Mapping[str, Any] | None:
    """That release, as the journal of its build tells of it."""
    built = (story.built for _name, story in stories if story.built)
    return next((one for one in built if one["id"] == release_id), None)


def _another(
    stories: Sequence[tuple[str, Story]], former: Mapping[str, Any], serving: str
) -> Mapping[str, Any] | None:
    """`former`, or whichever served before it, whose artifact, commit or values are not the serving one's."""
    here = _built(stories, serving)
    found: Mapping[str, Any] | None = former
    # Each was built after the one that served before it, so this ends.
    while found is not None and here is not None and _alike(found, here):
        of_build = (one for _name, one in stories if one.built and one.built["id"] == found["id"])
        found = next((one.former for one in of_build), None)
    return found


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in LIKENESS)


def _schema(context: Context, stories: Sequence[tuple[str, Story]]) -> str | None:
    """The schema now: asked of the database, else as the last journal left it, as a rollback does."""
    if context.configuration.spec.migrations is None:
        return None
    try:
        revisions = context.work.revisions(context.database()) if context.database_url else ()
    except Unavailable:
        return next((story.schema for _name, story in stories if story.schema), None)
    return revisions[-1] if revisions else None


def _newest_first(context: Context) -> Iterator[tuple[str, Story]]:
    for path in reversed(context.journals):
        yield path.parent.name, read_story(_shown(context, path), context.files.read(path))


def _kept(context: Context, release: Mapping[str, Any]) -> DeployedArtifact:
    """What lies there of a release that a journal names: its artifact and what is installed of it."""
    place = context.state / "releases" / str(release["id"])
    path, built = place / str(release["artifact"]), str(release["artifact_sha256"])
    now = context.files.sha256(path) if context.files.exists(path) else None
    installed = None
    if now == built:
        found = installed_package(context.files, path, place / "venv")
        installed = replace(found, place=_shown(context, Path(found.place)))
    return DeployedArtifact(str(release["id"]), _shown(context, path), built, now, installed)


def _shown(context: Context, path: Path) -> str:
    project = context.configuration.project
    return str(path.relative_to(project)) if path.is_relative_to(project) else path.name
