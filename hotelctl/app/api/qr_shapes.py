"""What requests and answers about codes look like."""

import base64
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from hotelctl.app.api.moments import Moment
from hotelctl.app.api.texts import PersonName, RoomLabel
from hotelctl.app.domain.qr import (
    DEFAULT_TTL_MIN,
    LONGEST_TTL_MIN,
    MOST_USES,
    SHORTEST_TTL_MIN,
    Purpose,
    State,
)
from hotelctl.app.services import qr_image
from hotelctl.app.services.guest_data import Shown
from hotelctl.app.services.qr_codes import Made
from hotelctl.app.store.qr_tokens import Listed


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ttl_minutes: StrictInt = Field(DEFAULT_TTL_MIN, ge=SHORTEST_TTL_MIN, le=LONGEST_TTL_MIN)
    max_uses: StrictInt = Field(1, ge=1, le=MOST_USES)


class GuestCodeBody(_Wish):
    """A code that lets a guest in."""

    purpose: Literal[Purpose.GUEST_ACCESS]
    room_label: RoomLabel | None = None
    guest_name: PersonName | None = None
    stay_ends_at: Moment | None = None


class RoomCodeBody(_Wish):
    """A code that hangs in a room, for one thing."""

    purpose: Literal[Purpose.ROOM_SERVICE, Purpose.MAINTENANCE]
    room_label: RoomLabel
    guest_name: PersonName | None = None
    stay_ends_at: Moment | None = None


class StaffCodeBody(_Wish):
    """A code that brings one member of staff to the question for the password."""

    purpose: Literal[Purpose.STAFF_ACCESS]
    user_id: UUID


CodeBody = Annotated[GuestCodeBody | RoomCodeBody | StaffCodeBody, Field(discriminator="purpose")]


class CodeOut(BaseModel):
    """A new code. Address and pictures hold the token and are given once: null for a repeated request."""

    id: UUID
    prefix: str
    purpose: Purpose
    user_id: UUID | None
    room_label: str | None
    max_uses: int
    expires_at: datetime
    url: str | None
    svg: str | None
    png_base64: str | None

    def without_token(self) -> "CodeOut":
        """What may be kept of it."""
        return self.model_copy(update={"url": None, "svg": None, "png_base64": None})


def code_out(made: Made, public_url: str) -> CodeOut:
    """The new code with its address and pictures."""
    url = f"{public_url}/q/{made.token}"
    return CodeOut(
        id=made.code.id,
        prefix=made.code.prefix,
        purpose=Purpose(made.code.purpose),
        user_id=made.code.user_id,
        room_label=made.code.room_label,
        max_uses=made.code.max_uses,
        expires_at=made.code.expires_at,
        url=url,
        svg=qr_image.svg(url),
        png_base64=base64.b64encode(qr_image.png(url)).decode(),
    )


class MakerOut(BaseModel):
    """Who made a code."""

    id: UUID
    display_name: str


class CodeItem(BaseModel):
    """A code without its token, which nobody can read again.

    `stay_ends_at` is null for who may not see more of a guest than name and room. An answer that shows one is
    noted in the audit trail as `guests.pii.read`.
    """

    id: UUID
    prefix: str
    purpose: Purpose
    user_id: UUID | None
    room_label: str | None
    guest_name: str | None
    state: State
    use_count: int
    max_uses: int
    created_at: datetime
    expires_at: datetime
    stay_ends_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None
    revoke_reason: str | None
    replaced_by: UUID | None
    created_by: MakerOut | None


_COPIED = frozenset(CodeItem.model_fields) - {"state", "created_by"}


def code_item(found: Listed, guests: Shown) -> CodeItem:
    """The code as this caller may see it."""
    maker = None
    if found.creator_id is not None:
        maker = MakerOut(id=found.creator_id, display_name=found.creator_name or "")
    values = {name: getattr(found.code, name) for name in _COPIED}
    values["stay_ends_at"] = guests.value(found.code.id, "stay_ends_at", found.code.stay_ends_at)
    return CodeItem(**values, state=found.state, created_by=maker)


class StatsOut(BaseModel):
    """How many codes the hotel has, by state and by purpose."""

    active: int
    used: int
    expired: int
    revoked: int
    replaced: int
    by_purpose: dict[Purpose, int]


class HotelOut(BaseModel):
    """The hotel of a code."""

    id: UUID
    name: str


class GuestEntryOut(BaseModel):
    """A guest who is in; the token is for the Authorization header."""

    purpose: Literal[Purpose.GUEST_ACCESS, Purpose.ROOM_SERVICE, Purpose.MAINTENANCE]
    hotel: HotelOut
    room_label: str | None
    access_token: str
    expires_in: int
    next: str


class StaffChallengeOut(BaseModel):
    """A member of staff who has to give the password at /api/auth/staff-qr, within expires_in seconds."""

    purpose: Literal[Purpose.STAFF_ACCESS]
    hotel: HotelOut
    challenge_id: str
    expires_in: int
    next: str


EntryOut = Annotated[GuestEntryOut | StaffChallengeOut, Field(discriminator="purpose")]


class WorkflowOut(BaseModel):
    """The run of the workflow that a scan started; partial until the password was given."""

    id: UUID
    status: Literal["success", "partial"]


class GuestScanOut(GuestEntryOut):
    """A scan that let a guest in."""

    session_id: UUID
    workflow: WorkflowOut


class StaffScanOut(StaffChallengeOut):
    """A scan of a staff code."""

    session_id: None = None
    workflow: WorkflowOut


ScanOut = Annotated[GuestScanOut | StaffScanOut, Field(discriminator="purpose")]
