"""What a hotel decides about itself, over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt

from hotelctl.app.api.language import Language
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.require import require
from hotelctl.app.api.texts import LEFT_OUT, ONE_LINE, STORABLE, EmailAddress, PersonName, length
from hotelctl.app.domain.brand import COLOR, LONGEST_TITLE
from hotelctl.app.domain.periods import zones
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.quiet_hours import QuietHours
from hotelctl.app.domain.retention import BOUNDS
from hotelctl.app.services import hotel_settings
from hotelctl.app.services.hotel_settings import HotelSettings

router = APIRouter(prefix="/api/settings", tags=["settings"])
Decider = Annotated[Principal, require("settings.manage")]


def _known_zone(name: str) -> str:
    if name not in zones():
        raise ValueError("is no time zone that is known here")
    return name


def _quiet(words: str) -> str:
    return str(QuietHours.read(words))


def _days(sort: str) -> Any:  # noqa: ANN401 - what Field gives is pydantic's own
    shortest, _, longest = BOUNDS[sort]
    return Field(default_factory=lambda: None, ge=shortest, le=longest)


TimeZone = Annotated[str, length(1, 60), STORABLE, AfterValidator(_known_zone)]
Phone = Annotated[str, length(3, 40), Field(pattern=r"^\+?[0-9 ()/.-]+$")]
QuietSpan = Annotated[str, length(9, 20), AfterValidator(_quiet), Field(examples=["22:00-07:00"])]
BrandColor = Annotated[str, Field(pattern=COLOR, examples=["#1f4e79"])]
WidgetTitle = Annotated[str, length(1, LONGEST_TITLE), ONE_LINE]
Address = Annotated[str, length(1, 300), STORABLE]


class RetentionPatch(BaseModel):
    """Days for which data is kept; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    conversations: StrictInt = _days("conversations")
    ai_payloads: StrictInt = _days("ai_payloads")
    session_logs: StrictInt = _days("session_logs")
    deleted_rows: StrictInt = _days("deleted_rows")


class SettingsPatch(BaseModel):
    """What shall be different; what is left out stays; null takes a contact, the look or the hours away."""

    model_config = ConfigDict(extra="forbid")

    name: PersonName = LEFT_OUT
    brand_color: BrandColor | None = None
    widget_title: WidgetTitle | None = None
    ai_enabled: StrictBool = LEFT_OUT
    openai_enabled: StrictBool = LEFT_OUT
    upsell_enabled: StrictBool = LEFT_OUT
    timezone: TimeZone = LEFT_OUT
    locale: Language = LEFT_OUT
    email: EmailAddress | None = None
    phone: Phone | None = None
    address: Address | None = None
    emergency_phone: Phone | None = None
    handoff_email: EmailAddress | None = None
    quiet_hours: QuietSpan | None = None
    retention_days: RetentionPatch = LEFT_OUT


@router.get("")
async def read_settings(who: Decider, service: ServiceDep) -> HotelSettings:
    """What the hotel decided, and what holds where it did not."""
    async with service.db.transaction(who.hotel_id) as session:
        return await hotel_settings.read(session, who)


@router.patch("")
async def change_settings(body: SettingsPatch, who: Decider, service: ServiceDep) -> HotelSettings:
    """The settings after the change, which holds at once; retention by its next run, once a day."""
    changes = body.model_dump(exclude_unset=True)
    async with service.db.transaction(who.hotel_id) as session:
        return await hotel_settings.change(session, who, changes)
