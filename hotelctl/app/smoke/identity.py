"""P0: the instance is the release that it should be, and says that it is well."""

from sqlalchemy import text

from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.identity import NAME, Identity
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Broken

_SCHEMA = text(
    "SELECT serial, min_code_serial, alembic_revision = (SELECT version_num FROM alembic_version)"
    " FROM schema_compat ORDER BY serial DESC LIMIT 1"
)


async def identity(run: Run) -> None:
    """Version, commit and schema are those of the code that this probe comes from; live and ready."""
    own = Identity()
    version = await run.talk.ask("GET /version")
    version.must(200, name=NAME, version=own.version, git_sha=own.git_sha, schema_serial=SCHEMA_SERIAL)
    (await run.talk.ask("GET /health")).must(200, status="ok")
    (await run.talk.ask("GET /readyz")).must(200, status="ready")
    (await run.talk.ask("GET /api/health/db")).must(200, status="ok")
    with run.ground.owner.connect() as connection:
        serial, least, agrees = connection.execute(_SCHEMA).one()
    if not (least <= SCHEMA_SERIAL <= serial and agrees):
        told = "" if agrees else ", and its revision is another one than the schema's record says"
        raise Broken(f"the database is at schema {serial} (code from {least}), code at {SCHEMA_SERIAL}{told}")
