"""SEC015: cookies are guarded by their flags."""

from collections.abc import Iterator

from hotelctl.checks.operations.exchange import exchange
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.set_cookie import SetCookie, set_cookies

_HOST, _SECURE = "__host-", "__secure-"


@check(
    "SEC015",
    "Cookies are guarded by their flags",
    severity=Severity.HIGH,
    rationale=(
        "A session cookie without HttpOnly is read by any injected script, without Secure it travels in the "
        "clear, without SameSite it comes along with requests that other sites make."
    ),
    remediation=(
        "Set HttpOnly, SameSite=Lax or Strict and, under https, Secure; name those that scripts are meant to "
        "read in [security] readable_cookies."
    ),
    references=("https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2",),
    stage=Stage.RUNNING,
)
def cookies_are_guarded(live: LiveAnswers) -> Iterator[Finding]:
    """A finding for every cookie that lacks a flag, at the first answer that sets it."""
    seen = set()
    for asked in (*live.entered, *live.pages, *live.intruders):
        for cookie in set_cookies(asked.reply):
            if cookie.name in seen or cookie.is_removed:
                continue
            seen.add(cookie.name)
            for fault, fix in _faults(cookie, live):
                yield Finding(
                    subject=cookie.name,
                    message=f"the cookie {cookie.name} {fault}",
                    evidence=(exchange(asked, f"Set-Cookie: {cookie.shown()}"),),
                    fix=f"Set-Cookie: {cookie.name}=...; {fix}",
                )
    if not seen:
        asked_how = "with and without a log-in" if live.entered else "without a log-in"
        raise NotApplicable(f"no answer sets a cookie, asked {asked_how}")


def _faults(cookie: SetCookie, live: LiveAnswers) -> Iterator[tuple[str, str]]:
    said, name = cookie.attributes, cookie.name.lower()
    if "httponly" not in said and cookie.name not in live.readable_cookies:
        yield "can be read by scripts: it lacks HttpOnly", "HttpOnly"
    site = said.get("samesite", "").lower()
    if site not in {"lax", "strict"}:
        what = "says SameSite=None" if site == "none" else "lacks SameSite"
        yield f"comes along with requests of other sites: it {what}", "SameSite=Lax"
    if "secure" not in said and (live.https or name.startswith((_HOST, _SECURE)) or site == "none"):
        yield "travels in the clear: it lacks Secure", "Secure"
    if name.startswith(_HOST) and ("domain" in said or said.get("path") != "/"):
        yield "is refused by browsers: its name asks for Path=/ and no Domain", "Path=/"
