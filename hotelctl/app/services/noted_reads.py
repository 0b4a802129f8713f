"""A read that is shown only once the audit trail says that it is."""

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.failures import Unavailable
from hotelctl.app.domain.principal import Principal
from hotelctl.app.logs import Event, log
from hotelctl.app.store import audit
from hotelctl.app.store.audit import Change, Thing


async def note_read(
    session: AsyncSession,
    who: Principal,
    action: str,
    thing: Thing,
    change: Change,
    *,
    by_assistant: bool = False,
) -> None:
    """The read stands in the trail of the caller's hotel. Raises Unavailable where it cannot."""
    try:
        await audit.note(session, who, action, thing, change, by_assistant=by_assistant)
    except SQLAlchemyError as error:
        log().error(Event.REQUEST_FAILED, msg=f"{action}: nothing was shown, no audit event", exc_info=error)
        raise Unavailable from None
