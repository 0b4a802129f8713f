"""The front page: what this is, which release answers, how it is."""

from pathlib import Path

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from hotelctl.app.api.headers import page_nonce
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.domain.schema import SCHEMA_SERIAL

router = APIRouter(include_in_schema=False)
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
)
_STATES = {
    "ready": "Ready",
    "starting": "Starting",
    "draining": "Being replaced by another instance",
    "not_ready": "Not ready",
}
_CHECKS = {"db": "Database", "schema": "Schema", "keys": "Signing keys"}
_WORDS = {
    "ok": "in order",
    "failed": "not answering",
    "unusable": "cannot be used",
    "unknown": "not known",
    "schema_behind": "older than this release",
    "incompatible": "newer than this release can use",
}


@router.get("/")
async def front(service: ServiceDep) -> HTMLResponse:
    """The page, in plain HTML with its own style; it shows only what this instance just found."""
    state = await service.probe.read()
    html = _TEMPLATES.get_template("front.html.j2").render(
        nonce=page_nonce(),
        ready=state.ready,
        state=_STATES[state.status],
        checks=[(_CHECKS[name], _WORDS[found], found == "ok") for name, found in state.checks.items()],
        identity=service.identity,
        schema_serial=SCHEMA_SERIAL,
    )
    return HTMLResponse(html)
