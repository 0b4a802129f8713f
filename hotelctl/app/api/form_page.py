"""A page with a form: what was typed stays, and what is wrong stands beside its field."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import Visitor


def form_page(
    request: Request,
    visitor: Visitor,
    name: str,
    fields: Mapping[str, Any],
    wrong: Mapping[str, str] | None = None,
    **values: Any,  # noqa: ANN401 - what the template gets besides
) -> Response:
    """The page `name`; 422 where something is wrong, unless `status` says otherwise."""
    status = values.pop("status", 422 if wrong else 200)
    shown = {"viewer": visitor.viewer, "fields": fields, "wrong": wrong or {}, **values}
    return page(request, name, status=status, **shown)
