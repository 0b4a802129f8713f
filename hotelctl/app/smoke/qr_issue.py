"""P2: a manager makes a code that can be read, and nobody can read its token again."""

import base64

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Role
from hotelctl.app.services import qr_image
from hotelctl.app.smoke.codes import id_of, made, token_of
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Broken


async def qr_issue(run: Run) -> None:
    """Made, pictured, listed without its token; refused to who may not, unknown for what is not there."""
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
    (await run.talk.ask(f"GET /api/qr/tokens/{uuid7()}", bearer=bearer)).must(404, code="not_found")
