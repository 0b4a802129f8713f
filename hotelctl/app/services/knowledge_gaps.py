"""What guests asked and nobody wrote down yet.

Each function works in the caller's transaction, which is that of the caller's hotel.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.principal import Principal
from hotelctl.app.services.assistant.asker import GUEST_AUDIENCE
from hotelctl.app.services.assistant.reading import read
from hotelctl.app.services.assistant.retriever import find_entries
from hotelctl.app.store import gaps
from hotelctl.app.store.audit import Change, Thing, note
from hotelctl.app.store.direct import within
from hotelctl.app.store.gaps import Gap
from hotelctl.app.store.hotel_facts import read_facts

# Each one may be looked up; of those that find an entry by now another one takes the place.
_SPARE = 20


async def unanswered(session: AsyncSession, limit: int) -> list[Gap]:
    """Questions that no entry answered then and none answers now, the one asked last first."""
    found = await gaps.newest(session, limit + _SPARE)
    if not found:
        return []
    written_at = await gaps.last_written(session)
    locale = (await read_facts(session)).locale
    left = []
    for gap in found:
        # What was asked after the last entry was written is as unanswered as it was.
        is_new = written_at is None or gap.asked_at > written_at
        if is_new or not await _has_entry(session, gap.question, locale):
            left.append(gap)
    return left[:limit]


async def _has_entry(session: AsyncSession, question: str, locale: str) -> bool:
    reading = read(question, locale)
    return bool(await find_entries(within(session), reading.text, GUEST_AUDIENCE, reading.language))


async def dismiss(session: AsyncSession, who: Principal, question: str) -> None:
    """The question stands in the list no more until somebody asks it again; a repeat changes nothing."""
    times = await gaps.dismiss(session, question)
    if times:
        await note(
            session, who, "knowledge.dismiss", Thing("knowledge_gap", None), Change(after={"count": times})
        )
