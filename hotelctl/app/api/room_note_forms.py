"""What requests and answers about notes on rooms look like."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from hotelctl.app.api.texts import STORABLE, RoomLabel, length

LONGEST_NOTE = 1000


class RoomNoteIn(BaseModel):
    """A new note on a room."""

    model_config = ConfigDict(extra="forbid")

    room_label: RoomLabel
    body: Annotated[str, length(1, LONGEST_NOTE), STORABLE]


class RoomNoteOut(BaseModel):
    """A note on a room; the author is null once that user is gone."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    room_label: str
    body: str
    author_user_id: UUID | None
    created_at: datetime
