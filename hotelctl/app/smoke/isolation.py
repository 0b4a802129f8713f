"""P8: what belongs to another hotel does not exist for a manager of this one, whatever is asked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import Connection, text

from hotelctl.app.api.application import ROUTED
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Answer, Broken
from hotelctl.app.store.upkeep import tenant_tables

_PARAMETER = re.compile(r"/([^/{]+)/\{([^}:]+)\}")
_REFUSALS = (403, 404)
_MOST = 2


async def isolation(run: Run) -> None:
    """Every route that reads one object answers 403 or 404 for another hotel's, as for none."""
    with run.ground.owner.connect() as connection:
        foreign = _foreign(connection, run.ground.hotel_id)
    asked = 0
    for path in sorted(paths_of_one()):
        for found in _candidates(path, foreign):
            answer = await _ask(run, _filled(path, found))
            asked += found in foreign.values()
            if answer.status not in _REFUSALS:
                raise Broken(f"GET {path}: answered {answer.status} for another hotel's object, must be 404")
    run.measure("objects of other hotels asked for", asked, "requests")


async def _ask(run: Run, path: str) -> Answer:
    """As a program asks the API, and a browser a page."""
    if path.startswith("/api/"):
        return await run.talk.ask(f"GET {path}", bearer=await run.token(Role.MANAGER))
    return await run.talk.ask(f"GET {path}", cookie=await run.cookie(Role.MANAGER))


def paths_of_one() -> Iterator[str]:
    """The path of every GET route that is about an object by its id."""
    for module in ROUTED:
        for context in iter_route_contexts(module.router.routes):
            route = context.original_route
            if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()):
                continue
            kinds = [param.field_info.annotation for param in route.dependant.path_params]
            if UUID in kinds:
                yield str(context.path)


def _foreign(connection: Connection, own: UUID) -> Mapping[str, Sequence[UUID]]:
    """Ids of rows of other hotels by table; the newest, as their objects are the most alive."""
    found = {}
    for table in tenant_tables(connection):
        if not _has_id(connection, table):
            continue
        statement = text(f"SELECT id FROM {table} WHERE hotel_id <> :own ORDER BY id DESC LIMIT {_MOST}")  # noqa: S608 - a quoted name from the catalogue
        found[table] = tuple(connection.scalars(statement, {"own": own}))
    return found


def _has_id(connection: Connection, table: str) -> bool:
    columns = text(
        "SELECT count(*) FROM pg_attribute WHERE attrelid = CAST(:t AS regclass)"
        " AND attname = 'id' AND atttypid = 'uuid'::regtype"
    )
    return bool(connection.scalar(columns, {"t": f"public.{table}"}))


def _candidates(path: str, foreign: Mapping[str, Sequence[UUID]]) -> Iterator[UUID]:
    """Ids of the tables that the path may be about, and one that nobody has."""
    named = _PARAMETER.search(path)
    stem = named[1].replace("-", "_").rstrip("s") if named else ""
    near = [table for table in foreign if stem and stem in table] or list(foreign)
    for table in near:
        yield from foreign[table]
    yield uuid7()


def _filled(path: str, found: UUID) -> str:
    return re.sub(r"\{[^}]+\}", str(found), path)
