"""`python -m benchmarks.service.bare`: the service's stack with nothing of the service, to compare it with.

The same server, event loop, framework and driver; each endpoint reads one entry by its key, with no log-in,
no tenant, no limit and no line in a log.
"""

import argparse
import asyncio
import contextlib
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import uvicorn
import uvloop
from fastapi import FastAPI
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from hotelctl.app.store.engine import driver_url

_POOL = 10
_COLUMNS = "id, title, body, keywords, audience, tags, valid_from, valid_until, source, version"
_BY_DRIVER = f"SELECT {_COLUMNS} FROM knowledge_entries WHERE id = %s"  # noqa: S608 - a constant
_BY_ENGINE = text(f"SELECT {_COLUMNS} FROM knowledge_entries WHERE id = :id")  # noqa: S608 - same


def build(url: str) -> FastAPI:
    """The application: `/driver/{id}` asks by psycopg's own pool, `/engine/{id}` by SQLAlchemy's."""
    pool = AsyncConnectionPool(
        url, min_size=_POOL, max_size=_POOL, open=False, kwargs={"autocommit": True, "row_factory": dict_row}
    )
    engine = create_async_engine(driver_url(url), pool_size=_POOL, isolation_level="AUTOCOMMIT")

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await pool.open(wait=True)
        _say("ready")
        yield
        await pool.close()
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)

    @app.get("/driver/{entry_id}")
    async def by_driver(entry_id: UUID) -> dict[str, Any]:
        async with pool.connection() as connection:
            row = await (await connection.execute(_BY_DRIVER, (entry_id,))).fetchone()
        return dict(row or {})

    @app.get("/engine/{entry_id}")
    async def by_engine(entry_id: UUID) -> dict[str, Any]:
        async with engine.connect() as connection:
            row = (await connection.execute(_BY_ENGINE, {"id": entry_id})).mappings().one()
        return dict(row)

    return app


def _say(event: str, **more: object) -> None:
    sys.stdout.write(json.dumps({"event": event, **more}) + "\n")
    sys.stdout.flush()


async def _serve(listener: socket.socket) -> None:
    config = uvicorn.Config(
        build(os.environ["DATABASE_URL"]), http="httptools", ws="none", log_config=None, access_log=False
    )
    await uvicorn.Server(config).serve(sockets=[listener])


def main() -> None:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service.bare", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    listener = socket.create_server(("127.0.0.1", parser.parse_args().port), backlog=2048)
    _say("listening", port=listener.getsockname()[1])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(listener))


if __name__ == "__main__":
    main()
