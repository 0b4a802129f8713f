"""P0: the instance is the release that it should be, well, and on the database that it should be."""

from typing import Any

from sqlalchemy import text

from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.identity import NAME, Identity
from hotelctl.app.smoke.ground import Ground
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Broken

_HEALTH = "GET /api/health/db"
_TOLD_TO_ALL = frozenset({"status", "latency_ms"})
_SCHEMA = text(
    "SELECT serial, min_code_serial, alembic_revision,"
    " alembic_revision = (SELECT version_num FROM alembic_version)"
    " FROM schema_compat ORDER BY serial DESC LIMIT 1"
)
_USER = text("SELECT current_user")
_POWERS = ("superuser", "bypassrls", "owns_tables")


async def identity(run: Run) -> None:
    """Version, commit and schema are those of the code that this probe comes from; live and ready."""
    own = Identity()
    version = await run.talk.ask("GET /version")
    version.must(200, name=NAME, version=own.version, git_sha=own.git_sha, schema_serial=SCHEMA_SERIAL)
    (await run.talk.ask("GET /health")).must(200, status="ok")
    (await run.talk.ask("GET /readyz")).must(200, status="ready")
    shown = (await run.talk.ask(_HEALTH)).must(200, status="ok")
    if more := sorted(shown.body().keys() - _TOLD_TO_ALL):
        raise Broken(f"{_HEALTH}: tells strangers {', '.join(more)}")
    expected = _expected(run.ground)
    if run.ops_token is not None:
        (await run.talk.ask(_HEALTH, bearer=run.ops_token)).must(200, status="ok", **expected)


def _expected(ground: Ground) -> dict[str, Any]:
    """What the instance must say of its database, as its own roles find it. Raises Broken."""
    with ground.owner.connect() as connection:
        serial, least, revision, agrees = connection.execute(_SCHEMA).one()
    if not (least <= SCHEMA_SERIAL <= serial and agrees):
        told = "" if agrees else ", and its revision is another one than the schema's record says"
        raise Broken(f"the database is at schema {serial} (code from {least}), code at {SCHEMA_SERIAL}{told}")
    expected = {"serial": serial, "min_code_serial": least, "revision": revision}
    expected |= {f"role__{power}": False for power in _POWERS}
    if ground.runtime.url != ground.owner.url:
        with ground.as_instance(None) as connection:
            expected["role__name"] = connection.scalar(_USER)
    return expected
