"""What was found in a project, as rows: what, its value, where it stands."""

import posixpath
from collections.abc import Iterator, Sequence

from hotelctl.facts.found.survey import Survey
from hotelctl.render.words import plural

_SHOWN = 3
_NAMED = "fastapi flask django starlette express fastify next koa @nestjs/core vite"
_FRAMEWORKS = tuple(_NAMED.split())


def found_rows(found: Survey) -> Iterator[dict[str, str]]:
    """One row a thing that is there."""
    yield _row("name", found.name.value, found.name.place)
    for title, one in (("Python", found.python), ("Node", found.node)):
        if one is not None:
            known = [name for name in _FRAMEWORKS if name in one.packages]
            yield _row(title, ", ".join(known) or "a project", one.root or ".")
    for directory in found.migrations:
        words = f"{directory.kind}, {plural(directory.files, 'file')}"
        more = f" and {directory.more} more" if directory.more else ""
        place = f"{directory.directory}{more}"
        yield _row("migrations", f"{words}; {directory.why}" if directory.why else words, place)
    for every in [one for one in found.compose.compositions if one.services][:_SHOWN]:
        built = [one.name for one in every.services if one.context is not None]
        images = [f"{one.name} ({one.image})" for one in every.services if one.context is None and one.image]
        yield _row("services", ", ".join((*(f"{name} (built here)" for name in built), *images)), every.name)
    variables = {name for read in found.reads.reads for name in read.names}
    if variables:
        yield _row("variables", f"{len(variables)} read by the code", plural(found.reads.files, "file"))
    for route in found.routes[:_SHOWN]:
        words = route.path.value if route.whole else f"{route.path.value}, perhaps behind a prefix"
        yield _row(f"{route.kind} route", words, route.path.place)
    for title, paths in _files(found):
        if paths:
            yield _row(title, f"{len(paths)}", _some(paths))


def _some(paths: Sequence[str]) -> str:
    """The first of them; a directory in which all of those lie is named once."""
    first = paths[:_SHOWN]
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    places = {posixpath.dirname(path) for path in first}
    if len(first) > 1 and len(places) == 1 and (place := places.pop()):
        names = ", ".join(posixpath.basename(path) for path in first)
        return f"{place}: {names}{more}"
    return ", ".join(first) + more


def missing_rows(found: Survey) -> Iterator[dict[str, str]]:
    """One row a thing that was looked for in vain or could not be read, with what it means."""
    for title, paths in _files(found):
        if not paths:
            yield {"what": "not found", "value": title}
    if not found.migrations:
        yield {"what": "not found", "value": "migrations (Alembic, SQL, Prisma, Flyway, Django)"}
    if not found.reads.reads:
        yield {"what": "not found", "value": "variables that Python or JavaScript code reads"}
    for kind in ("live", "ready", "version"):
        if not any(route.kind == kind for route in found.routes):
            yield {"what": "not found", "value": f"a {kind} route as a literal in the code"}
    for path, why in sorted({**found.reads.skipped, **found.doubts}.items()):
        yield {"what": "not read", "value": f"{path}: {why}"}


def _files(found: Survey) -> tuple[tuple[str, Sequence[str]], ...]:
    files = found.files
    return (
        ("tests", files.tests),
        ("results of tests (JUnit)", files.results),
        ("Dockerfiles", files.dockerfiles),
        ("compose files", files.compose),
        ("env examples", files.examples),
        ("CI workflows", files.workflows),
    )


def _row(what: str, value: str, where: str) -> dict[str, str]:
    return {"what": what, "value": value, "where": where}
