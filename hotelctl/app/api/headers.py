"""Headers that every answer carries, by what it is: data, a page, the scanning page, a page with a token."""

from functools import cache
from secrets import token_urlsafe

from starlette.datastructures import MutableHeaders

from hotelctl.app.logs import current_request

SCAN_PAGE = "/staff/scan"
# Addresses that hold a token must not be told to whoever a link or picture leads to.
_TOKEN_PAGES = ("/q/", "/set-password/")
_DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_HTTPS_ONLY = "max-age=31536000"
Sent = tuple[tuple[bytes, bytes], ...]


def page_nonce() -> str:
    """The nonce of the page that is being made: inline styles and scripts work with it alone."""
    record = current_request.get()
    return record.nonce if record else token_urlsafe(16)


def page_policy(nonce: str) -> str:
    """What a page may load: this service's own files, and inline what carries the nonce."""
    own = f"'self' 'nonce-{nonce}'"
    return (
        f"default-src 'self'; script-src {own}; style-src {own}; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'; object-src 'none'"
    )


def dress(headers: MutableHeaders, path: str, *, https: bool) -> None:
    """The answer has all of them; what a route set itself stays."""
    is_page = headers.get("content-type", "").startswith("text/html")
    nonce = page_nonce() if is_page else None
    told = {name for name, _ in headers.raw}
    headers.raw.extend(one for one in _chosen(path, nonce, https=https) if one[0] not in told)


def _chosen(path: str, nonce: str | None, *, https: bool) -> Sent:
    has_token, scans = path.startswith(_TOKEN_PAGES), path == SCAN_PAGE
    make = _made if nonce is None else _made.__wrapped__
    return make(nonce, has_token=has_token, scans=scans, https=https)


@cache
def _made(nonce: str | None, *, has_token: bool, scans: bool, https: bool) -> Sent:
    """Of a page with this nonce or, without one, of data."""
    is_page = nonce is not None
    camera = "(self)" if scans else "()"
    chosen = {
        **_ALWAYS,
        "Content-Security-Policy": page_policy(nonce) if nonce is not None else _DATA_POLICY,
        "Permissions-Policy": f"camera={camera}, geolocation=(), microphone=()",
        # Without any referrer a browser sends forms with `Origin: null`, and they could not be told apart.
        "Referrer-Policy": "same-origin" if is_page else "no-referrer",
    }
    if has_token:
        chosen["Referrer-Policy"] = "no-referrer"
    if https:
        chosen["Strict-Transport-Security"] = _HTTPS_ONLY
    return tuple((name.lower().encode(), value.encode()) for name, value in chosen.items())
