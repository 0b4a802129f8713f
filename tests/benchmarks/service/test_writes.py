from collections.abc import Iterator

from fastapi.routing import APIRoute, iter_route_contexts

from benchmarks.service.writes import NO_WRITES, WRITES
from hotelctl.app.api.application import ROUTED


def _changing() -> Iterator[str]:
    for module in ROUTED:
        for context in iter_route_contexts(module.router.routes):
            route, path = context.original_route, str(context.path)
            if isinstance(route, APIRoute) and path.startswith("/api/"):
                yield from (f"{method} {path}" for method in (route.methods or set()) & {"POST", "PATCH"})


def test_every_write_of_the_api_is_measured() -> None:
    measured = [write.route for write in WRITES]
    assert len(measured) == len(set(measured))
    assert not NO_WRITES & set(measured)
    assert {*measured, *NO_WRITES} == set(_changing())
