from fastapi.routing import APIRoute, iter_route_contexts

from benchmarks.service.pages import NO_PAGES, visits_of
from hotelctl.app.api.application import ROUTED


def test_every_page_is_visited() -> None:
    pages = {
        str(context.path)
        for module in ROUTED
        for context in iter_route_contexts(module.router.routes)
        if isinstance(route := context.original_route, APIRoute)
        and not route.include_in_schema
        and "GET" in (route.methods or ())
    }
    assert "/admin" in pages
    assert set(visits_of("e", "c", "t", "p", "h")) | NO_PAGES == pages
