"""A hotel's data as one file for its own people: a zip with a file of JSON lines for each table."""

import zipfile
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from anyio import to_thread
from sqlalchemy import Connection
from sqlalchemy.util import await_only

from hotelctl.app.domain.failures import Unavailable
from hotelctl.app.domain.principal import Principal
from hotelctl.app.logs import Event, log
from hotelctl.app.services import guest_data
from hotelctl.app.store import audit, exporting
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.engine import Database

# Most hotels stay below; what is larger goes to the disk while it is sent.
_IN_MEMORY_BYTES = 8_000_000
# Rows that are packed at once: what the event loop does between two batches is over in some milliseconds.
_BATCH = 200


async def pack(db: Database, who: Principal) -> IO[bytes]:
    """The file, at its beginning, to be closed by who reads it; all in it is of one moment.

    It is done before anything is sent, so that no transaction waits for a slow reader. Raises Unavailable.
    """
    file = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - closed by who reads it
    try:
        async with db.transaction(who.hotel_id, of_one_moment=True) as session:
            await guest_data.note_all(session, who)
            connection = await session.connection()
            rows = await connection.run_sync(_write, file, who.hotel_id)
            told = Change(after={"rows": rows})
            await audit.note(session, who, "hotel.export", Thing("hotel", who.hotel_id), told)
    except OSError as error:
        file.close()
        log().error(Event.REQUEST_FAILED, msg="no place for an export", exc_info=error)
        raise Unavailable from None
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _write(connection: Connection, file: IO[bytes], hotel_id: UUID) -> int:
    """How many rows were written; packed beside the event loop, which answers others meanwhile."""
    rows = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in exporting.tables(connection):
            lines = exporting.lines(connection, table, hotel_id)
            with packed.open(f"{table}.jsonl", "w", force_zip64=True) as out:
                while batch := list(islice(lines, _BATCH)):
                    await_only(to_thread.run_sync(_put, out, batch))
                    rows += len(batch)
    return rows


def _put(out: IO[bytes], lines: list[str]) -> None:
    out.write("".join(f"{line}\n" for line in lines).encode())
