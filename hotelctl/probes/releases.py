"""The releases of this environment as its journals and its disk tell of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.artifact import DeployedArtifact
from hotelctl.facts.installed_package import installed_package
from hotelctl.facts.journal_story import Story, read_story
from hotelctl.facts.rollback_readiness import RollbackReadiness
from hotelctl.probes.context import Context


def deployed_artifact(context: Context) -> DeployedArtifact:
    """The artifact that serves: its digest in the journal of its build, and its digest now."""
    wanted = context.release().release_id
    built = (story.built for _name, story in _newest_first(context) if story.built)
    release = next((one for one in built if one["id"] == wanted), None)
    if release is None:
        raise Unavailable(f"no journal tells of the build of release {wanted}")
    return _kept(context, release)


def rollback_readiness(context: Context) -> RollbackReadiness:
    """The release that served before this one, and the journals that show the way back to it."""
    context.release()
    stories = tuple(_newest_first(context))
    newest = next((story for _name, story in stories if story.switched), None)
    if newest is None:
        raise Unavailable("no journal tells how this release came to serve")
    if newest.former is None and newest.kind == "rollback":
        raise Unavailable("the last rollback began where nobody could tell what served")
    if newest.former is None:
        raise NotApplicable("this is the first release, there is none to go back to")
    former, schema = newest.former, _schema(context, stories)
    shown = tuple(f"{name} {words}" for name, one in stories if (words := one.way_back(former, schema)))
    return RollbackReadiness(_kept(context, former), shown)


def _schema(context: Context, stories: Sequence[tuple[str, Story]]) -> str | None:
    """The schema now: asked of the database, else as the last journal left it, as a rollback does."""
    if context.configuration.spec.migrations is None:
        return None
    try:
        revisions = context.work.revisions(context.database_url) if context.database_url else ()
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
