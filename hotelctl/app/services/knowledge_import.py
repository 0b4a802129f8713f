"""Many entries at once, all of them or none; how it went stands as a run of the workflow `kb_import`."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services.workflow_run import WorkflowRun
from hotelctl.app.store import knowledge, runs
from hotelctl.app.store.audit import Change, Thing, note


def begin() -> WorkflowRun:
    """A run that the reading of the file is the first step of."""
    return WorkflowRun(runs.KB_IMPORT, uuid7())


async def write_all(
    session: AsyncSession, who: Principal, run: WorkflowRun, entries: Sequence[Mapping[str, Any]]
) -> None:
    """The entries are found from now on, once the caller's transaction ends."""
    with run.step("write"):
        await knowledge.add_all(session, who.hotel_id, entries)
        change = Change(after={"entries": len(entries)})
        await note(session, who, "knowledge.import", Thing("workflow_execution", run.id), change)
    run.keep(session, "success", who.user_id)
