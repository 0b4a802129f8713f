"""Whether a form was meant by the person, and not sent by another site's page.

Two guards: where the browser says that the request comes from, and a token of the session that only our own
pages know.
"""

import hashlib
import hmac

from fastapi import Request

from hotelctl.app.api.cookies import is_from_here
from hotelctl.app.domain.failures import Forbidden
from hotelctl.app.settings import Settings


def form_token(session_token: str) -> str:
    """What our own pages send back in their forms; it says nothing about the session token."""
    return hmac.new(session_token.encode(), b"form", hashlib.sha256).hexdigest()


def check_source(request: Request, settings: Settings) -> None:
    """The request comes from our own pages, as the browser tells.

    Raises Forbidden.
    """
    if not is_from_here(request, settings):
        raise Forbidden


def refuse_other_sites(request: Request, settings: Settings) -> None:
    """No other site sent the form of a page whose address holds the secret.

    Such a page sends no referrer, so that older browsers name no origin with its form.
    Raises Forbidden.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = {None, "null", settings.hotel_public_url}
    if (site is not None and site not in {"same-origin", "none"}) or (site is None and origin not in own):
        raise Forbidden


def check(request: Request, settings: Settings, session_token: str, given: str) -> None:
    """The request comes from our own pages and carries the session's token.

    Raises Forbidden.
    """
    check_source(request, settings)
    if not hmac.compare_digest(form_token(session_token).encode(), given.encode()):
        raise Forbidden
