"""The Dockerfiles: those that the service file names, else all that git tracks or the root holds."""

from collections.abc import Iterator, Mapping

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles, Unread
from hotelctl.facts.dockerfile_names import TRACKED, looks_like_dockerfile, order
from hotelctl.facts.dockerfile_text import parse_dockerfile
from hotelctl.probes.context import Context

_WILD = frozenset("*?[")


def dockerfiles(context: Context) -> Dockerfiles:
    """All of them; one that cannot be read is named with the reason. Raises `NotApplicable` without any."""
    names = dockerfile_names(context)
    if not names:
        raise NotApplicable("the project has no Dockerfile")
    args = context.configuration.spec.docker.args
    found = [_read(context, name, {} if number else args) for number, name in enumerate(names)]
    return Dockerfiles(
        tuple(one for one in found if isinstance(one, Dockerfile)),
        tuple(one for one in found if isinstance(one, Unread)),
    )


def dockerfile_names(context: Context) -> tuple[str, ...]:
    """Their paths, relative to the project, the service's own first."""
    named = context.configuration.spec.docker.files
    if named:
        return tuple(dict.fromkeys(name for pattern in named for name in _expanded(context, pattern)))
    project = context.configuration.project
    at_the_root = (
        path.name
        for pattern in ("Dockerfile*", "*.Dockerfile", "Containerfile*")
        for path in context.files.glob(project, pattern)
    )
    found = {*context.repository.tracked(TRACKED), *at_the_root}
    return tuple(sorted(filter(looks_like_dockerfile, found), key=order))


def _expanded(context: Context, pattern: str) -> Iterator[str]:
    if not _WILD & set(pattern):
        yield pattern
        return
    project = context.configuration.project
    found = (str(path.relative_to(project)) for path in context.files.glob(project, pattern))
    yield from filter(looks_like_dockerfile, found)


def _read(context: Context, name: str, given: Mapping[str, str]) -> Dockerfile | Unread:
    path = context.configuration.project / name
    if not context.files.exists(path):
        return Unread(name, f"{name}: is not there")
    if not context.files.is_file(path):
        return Unread(
            name, f"{name}: is no file that could be read (a directory, a device or a link in a circle)"
        )
    try:
        return parse_dockerfile(name, context.files.read(path), given)
    except OSError as error:
        return Unread(name, f"{name}: cannot be read: {error.strerror}")
    except Unavailable as trouble:
        return Unread(name, trouble.reason)
