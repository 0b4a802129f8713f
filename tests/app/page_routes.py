"""Which pages there are, as the application routes them."""

from collections.abc import Iterator

from fastapi.routing import APIRoute, iter_route_contexts

from hotelctl.app.api.application import ROUTED


def _pages(method: str) -> Iterator[tuple[str, APIRoute]]:
    for module in ROUTED:
        for context in iter_route_contexts(module.router.routes):
            route = context.original_route
            if (
                isinstance(route, APIRoute)
                and not route.include_in_schema
                and method in (route.methods or ())
            ):
                yield str(context.path), route


def page_routes() -> set[str]:
    """Templates of the addresses that answer a GET and are no part of the API, machines' ones among them."""
    return {path for path, _ in _pages("GET")}


def posted_pages() -> dict[str, APIRoute]:
    """By the templates of their addresses the routes that take a page's form."""
    return dict(_pages("POST"))


def page_of(posted: str) -> str:
    """The page that a form of this address belongs to: of the same address, or the nearest one above it."""
    pages = page_routes() - {"/"}
    while posted not in pages:
        posted = posted.rpartition("/")[0]
        if not posted:
            raise LookupError("a form that belongs to no page")
    return posted
