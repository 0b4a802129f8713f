"""Headers that every answer carries, by what it is: data, a page, the scanning page, a page with a token."""

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


def dress(headers: MutableHeaders, path: str, nonce: str, *, https: bool) -> None:
    """The answer has all of them; what a route set itself stays."""
    is_page = headers.get("content-type", "").startswith("text/html")
    camera = "(self)" if path == SCAN_PAGE else "()"
    chosen = {
        **_ALWAYS,
        "Content-Security-Policy": page_policy(nonce) if is_page else _DATA_POLICY,
        "Permissions-Policy": f"camera={camera}, geolocation=(), microphone=()",
        # Without any referrer a browser sends forms with `Origin: null`, and they could not be told apart.
        "Referrer-Policy": "same-origin" if is_page else "no-referrer",
    }
    if path.startswith(_TOKEN_PAGES):
        chosen["Referrer-Policy"] = "no-referrer"
    if https:
        chosen["Strict-Transport-Security"] = _HTTPS_ONLY
    for name, value in chosen.items():
        headers.setdefault(name, value)
