"""What interrupted processes left, and answers that nobody will ask for again."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.services.jobs.runner import Counts
from hotelctl.app.store import idempotency, runs

# Longer than any workflow may take, its outside services' time limits included.
_SILENT = timedelta(minutes=15)


async def clear(session: AsyncSession, hotel_id: UUID) -> Counts:
    """Runs whose process died are failed; kept answers whose time is over are gone."""
    return {
        "runs_crashed": await runs.fail_silent(session, hotel_id, _SILENT),
        "repeats_ended": await idempotency.sweep(session, hotel_id),
    }
