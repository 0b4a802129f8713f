"""Which pages there are, as the application routes them."""

from fastapi.routing import APIRoute, iter_route_contexts

from hotelctl.app.api.application import ROUTED


def page_routes() -> set[str]:
    """Templates of the addresses that answer a GET and are no part of the API, machines' ones among them."""
    return {
        str(context.path)
        for module in ROUTED
        for context in iter_route_contexts(module.router.routes)
        if isinstance(route := context.original_route, APIRoute)
        and not route.include_in_schema
        and "GET" in (route.methods or ())
    }
