"""The directories that are sent to the engine with a Dockerfile."""

import posixpath
from collections.abc import Iterator

from hotelctl.core.errors import Unavailable
from hotelctl.facts.compose import ComposeFiles
from hotelctl.facts.dockerfile_text import parse_dockerfile
from hotelctl.probes.context import Context

_MADE_UP = frozenset("$*?[:<")


def contexts_of(dockerfile: str, compose: ComposeFiles, context: Context) -> tuple[str, ...]:
    """As the service file says, else all that compose files say; else where all that it copies lies.

    Else the root; at least one.
    """
    said = context.configuration.spec.docker.context
    if said is not None:
        return (posixpath.normpath(said),)
    composed = filter(None, (one.context for one in compose.built_by(dockerfile)))
    return tuple(dict.fromkeys(composed)) or (_by_what_it_copies(dockerfile, context),)


def unsaid(dockerfile: str, compose: ComposeFiles, context: Context) -> str:
    """Why its context is not known: a compose file beside it or at the root cannot be read; else empty."""
    if context.configuration.spec.docker.context is not None or compose.built_by(dockerfile):
        return ""
    why = unread_near(dockerfile, compose)
    return f"{why}, so the context of {dockerfile} is not known" if why else ""


def unread_near(dockerfile: str, compose: ComposeFiles) -> str:
    """Why a compose file beside it or at the root cannot be read as a whole; empty where all can."""
    near = ("", posixpath.dirname(dockerfile))
    return next((why for path, why in compose.doubts.items() if posixpath.dirname(path) in near), "")


def _by_what_it_copies(dockerfile: str, context: Context) -> str:
    """Its own directory where every file that it names lies there and not at the root."""
    own, project = posixpath.dirname(dockerfile), context.configuration.project
    if not own or not context.files.is_file(project / dockerfile):
        return "."
    try:
        names = tuple(_copied(dockerfile, context.files.read(project / dockerfile)))
    except Unavailable:
        return "."
    beside = all(context.files.exists(project / own / name) for name in names)
    above = all(context.files.exists(project / name) for name in names)
    return own if names and beside and not above else "."


def _copied(dockerfile: str, data: bytes) -> Iterator[str]:
    """The names that it copies out of its context, as far as they are literal."""
    for _stage, one in parse_dockerfile(dockerfile, data).every("COPY", "ADD"):
        sources = () if one.flag("from") or one.heredocs else one.args[:-1]
        for source in sources:
            name = posixpath.normpath(one.filled(source).strip("\"'").lstrip("/"))
            if name != "." and not name.startswith("..") and not set(name) & _MADE_UP:
                yield name
