"""What somebody wrote into a form whose session had ended: shown again, so that it is not lost.

Nothing of it is kept; it goes back to the browser that sent it, and scripts keep theirs by themselves.
"""

from fastapi import Request
from starlette.responses import Response

from hotelctl.app.api.cookies import is_from_here
from hotelctl.app.api.rendering import page
from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.settings import Settings

# Fields in which people write sentences; of no other one anything is shown.
WRITTEN = frozenset(
    {"address", "body", "content", "description", "details", "keywords", "resolution", "title"}
)


async def written(request: Request, settings: Settings) -> tuple[str, ...]:
    """The texts of a form that a person sent from our own pages, but those that were there before."""
    if request.headers.get("Sec-Fetch-Mode") != "navigate" or not is_from_here(request, settings):
        return ()
    form = await request.form()
    return tuple(
        value
        for name, value in form.multi_items()
        if name in WRITTEN and isinstance(value, str) and value.strip() and value != form.get(f"was_{name}")
    )


def unsent_page(request: Request, texts: tuple[str, ...], way: str) -> Response:
    """The texts, to be copied, and the way in."""
    return page(request, "unsent", texts=texts, way=way, status=Unauthenticated.status)
