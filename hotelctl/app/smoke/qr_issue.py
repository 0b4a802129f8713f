"""P2: a manager makes a code that can be read, and nobody can read its token again."""

import base64

from sqlalchemy import TextClause, text

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Role
from hotelctl.app.services import qr_image
from hotelctl.app.smoke.codes import id_of, made, token_of
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Broken

_CODE = text("SELECT id FROM guest_staff_qr_tokens WHERE hotel_id <> :own ORDER BY id DESC LIMIT 1")
_USER = text(
    "SELECT id FROM users WHERE hotel_id <> :own AND deleted_at IS NULL AND suspended_at IS NULL"
    " ORDER BY id DESC LIMIT 1"
)


async def qr_issue(run: Run) -> None:
    """Made, pictured, listed without its token; refused to who may not, and nothing of another hotel's."""
    code = await made(run)
    token, code_id, bearer = token_of(code), id_of(code), await run.token(Role.MANAGER)
    url = code.value("url")
    if code.value("svg") != qr_image.svg(url):
        raise Broken(f"{code.request}: the SVG does not show the code's address")
    if base64.b64decode(code.value("png_base64")) != qr_image.png(url):
        raise Broken(f"{code.request}: the PNG does not show the code's address")
    listed = (await run.talk.ask("GET /api/qr/tokens?state=active", bearer=bearer)).must(200)
    listed.holds(str(code_id)).lacks(token, "the token of a code")
    one = await run.talk.ask(f"GET /api/qr/tokens/{code_id}", bearer=bearer)
    one.must(200, state="active", use_count=0).lacks(token, "the token of a code")
    (await made(run, Role.STAFF)).must(403, code="forbidden")
    await _nothing_of_others(run, bearer)


async def _nothing_of_others(run: Run, bearer: str) -> None:
    """Neither is another hotel's code there, nor is one made for another hotel's user. Raises Broken."""
    code = _others(run, _CODE)
    (await run.talk.ask(f"GET /api/qr/tokens/{code}", bearer=bearer)).must(404, code="not_found")
    wish = {"purpose": "staff_access", "user_id": _others(run, _USER)}
    made_for = await run.talk.ask("POST /api/qr/generate", bearer=bearer, json_body=wish)
    made_for.must(404, code="not_found")


def _others(run: Run, newest: TextClause) -> str:
    """The id of what another hotel has; where none has any, one that nobody has."""
    with run.ground.owner.connect() as connection:
        return str(connection.scalar(newest, {"own": run.ground.hotel_id}) or uuid7())
