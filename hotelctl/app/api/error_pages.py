"""Errors as pages, for people; whatever asks for anything but a page gets the problem."""

import json

from fastapi import FastAPI, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api import problems
from hotelctl.app.api.language import texts_for
from hotelctl.app.api.problems import Handler
from hotelctl.app.api.rendering import page
from hotelctl.app.api.unsent import unsent_page
from hotelctl.app.api.visitors import SeeOther
from hotelctl.app.logs import Event, log

_TOLD = ("Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("Accept", "")


def shown(request: Request, problem: Response) -> Response:
    """The problem as whoever asks reads it: a page in a browser, else as it is."""
    if not _wants_page(request):
        return problem
    said = json.loads(bytes(problem.body))
    t, status = texts_for(request), problem.status_code
    answer = page(
        request,
        "error",
        t=t,
        status=status,
        title=t.known(f"reason.{status}", said["title"]),
        detail=t.known(f"problem.{said['code']}", said["detail"]),
        request_id=said["request_id"],
    )
    told = {name: problem.headers[name] for name in _TOLD if name in problem.headers}
    answer.headers.update(told)
    return answer


def unexpected(request: Request) -> Response:
    """The answer to whatever nobody foresaw; the bare problem when even its page cannot be made."""
    bare = problems.problem(500)
    try:
        return shown(request, bare)
    except Exception as error:  # noqa: BLE001 - the last answer: whatever it is, somebody waits for one
        log().error(Event.REQUEST_FAILED, msg="the page of an error cannot be made", exc_info=error)
        return bare


def _as_page(answer: Handler) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        return shown(request, await answer(request, error))

    return handle


async def _see_other(request: Request, error: Exception) -> Response:
    if not isinstance(error, SeeOther):
        return RedirectResponse("/", 303)
    if error.unsent:
        return unsent_page(request, error.unsent, error.location)
    return RedirectResponse(error.location, 303)


def install(app: FastAPI) -> None:
    """Errors that are answered as problems are answered people as pages."""
    for kind, handler in problems.HANDLERS.items():
        app.add_exception_handler(kind, _as_page(handler))
    app.add_exception_handler(SeeOther, _see_other)
