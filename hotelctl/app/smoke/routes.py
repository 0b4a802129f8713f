"""Everything that an instance can be asked to show: the paths of its GET routes and what stands in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from hotelctl.app.api.application import ROUTED
from hotelctl.app.api.require import AddressLimit

_PARAMETER = re.compile(r"\{[^}]+\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One route; the parameters of its path, and those of its query that narrow by an id or a room."""

    path: str
    parameters: tuple[str, ...]
    is_by_id: bool
    narrowed_by: tuple[str, ...]
    counted_in: tuple[str, ...]
    """The limits in which each question counts for this machine."""

    def filled(self, value: str) -> str:
        """The path about that object."""
        return _PARAMETER.sub(value, self.path)


def readable() -> Iterator[Asked]:
    """Every GET route of the service."""
    for module in ROUTED:
        for context in iter_route_contexts(module.router.routes):
            route = context.original_route
            if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()):
                continue
            parameters = {one.name: one.field_info.annotation for one in route.dependant.path_params}
            parts = list(_parts(route.dependant))
            yield Asked(
                str(context.path),
                tuple(parameters),
                UUID in parameters.values(),
                tuple(sorted({name for part in parts for name in _narrowing(part)})),
                tuple(part.call.bucket for part in parts if isinstance(part.call, AddressLimit)),
            )


def _parts(whole: Dependant) -> Iterator[Dependant]:
    yield whole
    for inner in whole.dependencies:
        yield from _parts(inner)


def _narrowing(part: Dependant) -> Iterator[str]:
    for one in part.query_params:
        if "UUID" in str(one.field_info.annotation) or "room" in one.alias:
            yield one.alias
