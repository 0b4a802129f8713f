"""What probes write down as a hotel's knowledge, and the question that it answers."""

from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.run import Run

QUESTION = "When is breakfast served?"
PLACE = "garden room"
_ENTRY = {
    "title": "Breakfast",
    "body": f"Breakfast is served from 7:00 to 10:30 in the {PLACE}.",
    "keywords": "when is breakfast, breakfast time",
    "lang": "english",
}


async def written(run: Run) -> str:
    """The id of the new entry. Raises Broken."""
    bearer = await run.token(Role.MANAGER)
    made = await run.talk.ask("POST /api/knowledge", bearer=bearer, json_body=_ENTRY)
    return str(made.must(201).value("id"))
