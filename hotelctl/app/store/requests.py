"""What was asked for in a conversation: its tickets and work orders, and where each stands."""

from uuid import UUID

from sqlalchemy import text

from hotelctl.app.store.direct import Asks, Fixed

_STANDING = Fixed.of(
    text(
        """
        WITH made AS (
          SELECT DISTINCT (item->>'target_id')::uuid AS id
            FROM messages, jsonb_array_elements(action->'items') AS item
           WHERE conversation_id = :conversation AND item->>'target_id' IS NOT NULL)
        SELECT id, lower(status) AS status FROM tickets JOIN made USING (id) WHERE deleted_at IS NULL
        UNION ALL
        SELECT id, lower(status) FROM work_orders JOIN made USING (id) WHERE deleted_at IS NULL
        """
    )
)


async def standing(asks: Asks, conversation_id: UUID) -> dict[str, str]:
    """Where each ticket and work order that was made of it stands, in lower case, by id."""
    (rows,) = await asks.ask((_STANDING, {"conversation": conversation_id}))
    return {str(row.id): row.status for row in rows}
