import inspect
from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Route

from hotelctl.app.api import application
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings


def _plain(dependant: Dependant) -> Iterator[str]:
    call = dependant.call
    if call is not None:
        run = call if inspect.isroutine(call) else type(call).__call__
        if not (inspect.iscoroutinefunction(run) or inspect.isasyncgenfunction(run)):
            yield getattr(call, "__qualname__", type(call).__name__)
    for inner in dependant.dependencies:
        yield from _plain(inner)


def in_threads(app: FastAPI) -> set[str]:
    """Every function of a route that FastAPI hands to a thread, for it does not say that it is quick."""
    routes = (context.original_route for context in iter_route_contexts(app.routes))
    return {name for route in routes if isinstance(route, APIRoute) for name in _plain(route.dependant)}


def test_no_request_waits_for_a_thread(
    settings_of: Callable[..., Settings], cheap_passwords: Passwords
) -> None:
    settings = settings_of("postgresql://x@127.0.0.1:1/x")
    service = Service(settings, keyring.load(settings.hotel_keyring), Identity(), cheap_passwords)
    assert in_threads(application.build(service)) == set()


def test_a_thread_is_seen() -> None:
    app = FastAPI()

    def plain() -> int:
        return 1

    class Demand:
        def __call__(self) -> int:
            return 1

    @app.get("/")
    async def answer(one: Annotated[int, Depends(plain)], other: Annotated[int, Depends(Demand())]) -> int:
        return one + other

    assert {name.rpartition(".")[2] for name in in_threads(app)} == {"plain", "Demand"}


def test_what_is_read_answers_a_head_but_a_stream_and_what_changes_things(
    settings_of: Callable[..., Settings], cheap_passwords: Passwords
) -> None:
    settings = settings_of("postgresql://x@127.0.0.1:1/x")
    service = Service(settings, keyring.load(settings.hotel_keyring), Identity(), cheap_passwords)
    routes = [route for route in application.build(service).routes if isinstance(route, APIRoute)]
    methods = [(route.path, route.methods or set()) for route in routes]
    without = [path for path, taken in methods if "GET" in taken and "HEAD" not in taken]
    assert without == ["/api/conversations/{conversation_id}/events"]
    assert [path for path, taken in methods if "HEAD" in taken and taken != {"GET", "HEAD"}] == []


def test_each_route_is_asked_once_whether_it_is_meant(
    settings_of: Callable[..., Settings], cheap_passwords: Passwords
) -> None:
    settings = settings_of("postgresql://x@127.0.0.1:1/x")
    service = Service(settings, keyring.load(settings.hotel_keyring), Identity(), cheap_passwords)
    app = application.build(service)
    assert {type(route) for route in app.routes} <= {APIRoute, Route}
    paths = [route.path for route in app.routes if isinstance(route, APIRoute)]
    assert {"/health", "/api/knowledge/{entry_id}", "/staff"} <= set(paths)
