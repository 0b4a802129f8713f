"""Notes each ticket whose time ran out, once: on the ticket for staff, and as a run of `ticket_sla`."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.tickets import Visibility
from hotelctl.app.services.jobs.runner import Counts
from hotelctl.app.services.workflow_run import WorkflowRun
from hotelctl.app.store import audit, runs, tickets
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.tables import Ticket, TicketComment

_AT_ONCE = 200


async def note_overdue(session: AsyncSession, hotel_id: UUID) -> Counts:
    """How many tickets were newly noted as overdue; a ticket that gets more time can be noted again."""
    found = await tickets.newly_overdue(session, hotel_id, limit=_AT_ONCE)
    for ticket in found:
        await _note(session, ticket)
    return {"tickets_overdue": len(found)}


async def _note(session: AsyncSession, ticket: Ticket) -> None:
    # Not before it was due, whatever this machine's clock says: else it would be noted again.
    run = WorkflowRun(runs.TICKET_SLA, ticket.id, not_before=ticket.due_at)
    with run.step("comment"):
        session.add(
            TicketComment(
                id=uuid7(),
                hotel_id=ticket.hotel_id,
                ticket_id=ticket.id,
                author_kind="system",
                visibility=Visibility.INTERNAL,
                body=f"The time for this ticket ran out at {ticket.due_at:%Y-%m-%d %H:%M} UTC.",
                created_at=run.began_at,
            )
        )
        await session.flush()
    with run.step("trail"):
        due_at = ticket.due_at.isoformat() if ticket.due_at else None
        told = Change(after={"due_at": due_at, "priority": ticket.priority})
        await audit.note_system(session, ticket.hotel_id, "ticket.overdue", Thing("ticket", ticket.id), told)
    run.keep(session, run.outcome)
