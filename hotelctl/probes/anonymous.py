"""Questions of somebody who is not logged in: harmless, and answered without counting against anybody."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from hotelctl.config.load import Configuration
from hotelctl.config.service import Security
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.running_service import Asked
from hotelctl.probes.interview import Interview

NOBODYS_PATH = "/nobody-serves-this-b1946ac9"
FOREIGN_ORIGIN = "https://foreign.invalid"
_PRODUCTION = "production"
_PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
# What frameworks show when they are left as they come, and files that lie in a web root by mistake.
_HIDDEN = (
    *("/docs", "/redoc", "/openapi.json", "/swagger", "/swagger-ui/", "/swagger.json", "/api-docs"),
    *("/graphiql", "/debug", "/__debug__/", "/debug/pprof/", "/actuator/env", "/console", "/phpinfo.php"),
    *("/.env", "/.git/HEAD", "/server-status"),
)
_LATER_THAN_ALL = 4_102_444_800
_SPOOFED = {
    **dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "X-Client-IP"), "127.0.0.1"),
    **dict.fromkeys(("X-Forwarded-User", "X-Remote-User", "Remote-User", "X-User"), "admin"),
    "X-User-Id": "1",
    "X-Role": "admin",
    "X-Original-URL": "/",
    "X-Rewrite-URL": "/",
}


def anonymous_answers(talk: Interview, configuration: Configuration, place: str) -> LiveAnswers:
    """All answers to somebody whom the instance does not know.

    Raises:
        Unavailable: a question got no answer.

    """
    security, profile = configuration.spec.security, configuration.environment.profile
    public = configuration.environment.public_url or talk.url
    looked_at = (*(f"GET {path}" for path in security.pages), *security.protected[:1], f"GET {NOBODYS_PATH}")
    return LiveAnswers(
        place=place,
        profile=profile,
        https=public.startswith("https://"),
        pages=tuple(talk.ask(request) for request in looked_at),
        origins=tuple(_origins(talk, security, public)),
        intruders=tuple(_intruders(talk, security)),
        log_in_page=security.log_in_page,
        readable_cookies=security.readable_cookies,
        hidden=_hidden(talk, security.hidden) if profile == _PRODUCTION else (),
    )


def _origins(talk: Interview, security: Security, public: str) -> Iterator[Asked]:
    """A page's and a protected answer, asked for by pages of other sites, one of which looks like ours."""
    host = urlsplit(public).hostname or "localhost"
    lookalike = f"https://{host}.foreign.invalid"
    for request in (f"GET {security.pages[0]}", *security.protected[:1]):
        path = request.split(" ", 1)[1]
        for origin in (FOREIGN_ORIGIN, lookalike, "null"):
            yield talk.ask(request, f"Origin: {origin}", {"Origin": origin})
        asked = {"Origin": FOREIGN_ORIGIN, **_PREFLIGHT}
        yield talk.ask(f"OPTIONS {path}", f"Origin: {FOREIGN_ORIGIN}", asked)


def _intruders(talk: Interview, security: Security) -> Iterator[Asked]:
    for request in security.protected:
        yield talk.ask(request, "no token")
        for sent, headers in _disguises(security.cookies).items():
            yield talk.ask(request, sent, headers)


def _disguises(cookies: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """What somebody sends who pretends to be known, by its words."""
    forged = _unsigned_token()
    worn = "; ".join(f"{name}={forged}" for name in cookies)
    return {
        "an unsigned token": {"Authorization": f"Bearer {forged}"},
        **({"a forged cookie": {"Cookie": worn, "Sec-Fetch-Site": "same-origin"}} if cookies else {}),
        "spoofed headers": _SPOOFED,
    }


def _unsigned_token() -> str:
    """A JSON web token that says of itself that it needs no signature (RFC 7519, section 6)."""
    claims = {"sub": "1", "role": "admin", "iat": 0, "exp": _LATER_THAN_ALL}
    parts = (json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


def _hidden(talk: Interview, more: Sequence[str]) -> tuple[Asked, ...]:
    return tuple(talk.ask(f"GET {path}") for path in dict.fromkeys((*_HIDDEN, *more)))
