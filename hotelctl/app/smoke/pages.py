"""What must hold for every page: who it is for, what it says of itself, and that nothing of it is missing."""

import re
from html import unescape

from sqlalchemy import text

from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Answer, Broken

# Of this site alone: two slashes begin the name of another one.
_LINK = re.compile(r'(?:src|href)="(/(?!/)[^"#]*)')
# Pages of things that differ in nothing but their ids are one kind: a long list is not followed whole.
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_POLICY = (
    *("default-src 'self'", "script-src 'self' 'nonce-", "frame-ancestors 'none'", "base-uri 'none'"),
    *("form-action 'self'", "object-src 'none'"),
)
_UNSAFE = "'unsafe-"
_HOTEL = text("SELECT name FROM hotels WHERE id = :id AND deleted_at IS NULL")


async def page(run: Run, path: str, name: str, cookie: str) -> Answer:
    """The page as its people see it, with each kind of thing that it links on this site. Raises Broken.

    What this cookie was shown before in the run is not asked for again.
    """
    shown = (await run.talk.ask(f"GET {path}", cookie=cookie)).must(200).holds(f'data-page="{name}"')
    with run.ground.owner.connect() as connection:
        shown.holds(str(connection.scalar(_HOTEL, {"id": run.ground.hotel_id})))
    _guarded(shown)
    for link in sorted({unescape(found) for found in _LINK.findall(shown.text)}):
        kind = cookie, _ID.sub("*", link)
        if kind not in run.followed:
            run.followed.add(kind)
            (await run.talk.ask(f"GET {link}", cookie=cookie)).must(200)
    return shown


async def closed_to_strangers(run: Run, path: str) -> None:
    """Who is not inside is sent to the log-in. Raises Broken."""
    away = (await run.talk.ask(f"GET {path}")).must(303)
    goal = away.headers.get("location", "")
    if not goal.startswith("/login"):
        raise Broken(f"{away.request}: sends strangers to {goal!r}, must be the log-in")


async def log_in_is_guarded(run: Run) -> None:
    """A form that another site sends is refused. Raises Broken."""
    foreign = {"Sec-Fetch-Site": "cross-site"}
    form = {"email": "nobody@synthetic.invalid", "password": "x"}
    (await run.talk.ask("POST /login", form=form, headers=foreign)).must(403)


def _guarded(shown: Answer) -> None:
    policy = shown.headers.get("content-security-policy", "")
    missing = [rule for rule in _POLICY if rule not in policy]
    if missing:
        raise Broken(f"{shown.request}: the content security policy lacks {', '.join(missing)}")
    if _UNSAFE in policy:
        raise Broken(f"{shown.request}: the content security policy allows what is unsafe: {policy}")
    if shown.headers.get("x-content-type-options") != "nosniff":
        raise Broken(f"{shown.request}: X-Content-Type-Options is not nosniff")
