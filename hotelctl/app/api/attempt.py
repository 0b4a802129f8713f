"""What became of a form that was sent: done, or shown again with what is wrong."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

from hotelctl.app.api.notices import Notice
from hotelctl.app.api.visitors import Visitor
from hotelctl.app.domain.failures import Conflict, Invalid, PreconditionFailed


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was sent and could not be done; nothing on a page that is only looked at."""

    fields: Mapping[str, str] | None = None
    wrong: Mapping[str, str] | None = None
    said: Notice | None = None
    status: int = 200


async def refused(
    change: Awaitable[None], visitor: Visitor, typed: Mapping[str, str], *, late: Notice, closed: Notice
) -> Attempt | None:
    """Why the change was not made: a colleague was faster, or closed the way; None when it was made.

    What else it may refuse is that it is given to somebody who is not there.
    """
    try:
        await change
    except PreconditionFailed as failure:
        return Attempt(typed, said=late, status=failure.status)
    except Conflict as failure:
        return Attempt(said=closed, status=failure.status)
    except Invalid as failure:
        return Attempt(typed, {"assigned_to": visitor.t("tickets.not_here")}, status=failure.status)
    return None
