"""Pages from templates: one frame, nothing loaded from elsewhere.

A template extends base.html.j2 and gets, besides what its route passes:
  nonce   for the rare inline script     asset(name)  address of a file in static/
  page    name of the page               here         path of the request
  place   name of the hotel              viewer       who looks at it, or None
  lang    language of the page           t("key")     a text in it
  brand   the hotel's, on pages of guests
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from hotelctl.app.api import assets
from hotelctl.app.api.headers import page_nonce
from hotelctl.app.api.language import texts_for
from hotelctl.app.domain.brand import Brand
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.texts import Texts

PRODUCT = "Hotel Assistant"
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
)
TEMPLATES.globals["asset"] = assets.address
TEMPLATES.globals["fresh_id"] = uuid7


def warm() -> None:
    """Every template is compiled. Raises what is wrong with one."""
    for name in TEMPLATES.list_templates(extensions=["j2"]):
        TEMPLATES.get_template(name)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the page's navigation."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page: what the frame shows of it."""

    hotel_name: str
    csrf: str
    leave: str
    leave_label: str
    links: tuple[Link, ...] = ()


def page(
    request: Request,
    name: str,
    *,
    viewer: Viewer | None = None,
    status: int = 200,
    t: Texts | None = None,
    brand: Brand | None = None,
    **values: Any,  # noqa: ANN401
) -> HTMLResponse:
    """The page `name`, rendered from `name`.html.j2 in the language of `t`, else of who asks.

    Values may override `place`.
    """
    t = t or texts_for(request)
    frame = {
        "t": t,
        "lang": t.language,
        "nonce": page_nonce(),
        "page": name,
        "here": request.url.path,
        "viewer": viewer,
        "brand": brand or Brand(),
        "place": viewer.hotel_name if viewer else PRODUCT,
    }
    html = TEMPLATES.get_template(f"{name}.html.j2").render(frame | values)
    return HTMLResponse(html, status)
