"""What a hotel decides about itself, on a page."""

from collections.abc import Mapping
from dataclasses import asdict
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.form_faults import faults, filled
from hotelctl.app.api.form_page import form_page
from hotelctl.app.api.hotel_settings import SettingsPatch
from hotelctl.app.api.language import languages
from hotelctl.app.api.notices import Notice
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.texts import LONGEST_NAME
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.brand import LONGEST_TITLE
from hotelctl.app.domain.periods import zones
from hotelctl.app.domain.retention import BOUNDS
from hotelctl.app.domain.texts import Texts
from hotelctl.app.services import hotel_settings
from hotelctl.app.services.service import Service

router = APIRouter(prefix="/admin/settings", include_in_schema=False)
HERE = "/admin/settings"
Decider = Annotated[Visitor, permitted("settings.manage")]
_SORTS = ("conversations", "ai_payloads", "session_logs", "deleted_rows")
_MAY_BE_EMPTY = (
    "brand_color",
    "widget_title",
    "email",
    "phone",
    "address",
    "emergency_phone",
    "handoff_email",
    "quiet_hours",
)
_SWITCHES = ("ai_enabled", "openai_enabled", "upsell_enabled")
_SAID = {"saved": Notice("good", "settings.saved")}


def _wrong(t: Texts) -> dict[str, str]:
    days = {
        sort: t("settings.wrong_days", least=least, most=most) for sort, (least, _, most) in BOUNDS.items()
    }
    return {
        "name": t("people.wrong_name", most=LONGEST_NAME),
        "brand_color": t("settings.wrong_color"),
        "widget_title": t("settings.wrong_widget_title", most=LONGEST_TITLE),
        "timezone": t("wrong.choose"),
        "locale": t("wrong.choose"),
        "email": t("wrong.email"),
        "handoff_email": t("wrong.email"),
        "quiet_hours": t("settings.wrong_quiet_hours"),
        "phone": t("settings.wrong_phone"),
        "emergency_phone": t("settings.wrong_phone"),
        "address": t("settings.wrong_address", most=300),
        **days,
    }


class SettingsForm(BaseModel):
    """The fields of the page; a switch that is off sends nothing."""

    model_config = ConfigDict(extra="ignore")

    ai_enabled: str = ""
    openai_enabled: str = ""
    upsell_enabled: str = ""
    name: str = ""
    brand_color: str = ""
    widget_title: str = ""
    timezone: str = ""
    locale: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    emergency_phone: str = ""
    handoff_email: str = ""
    quiet_hours: str = ""
    conversations: str = ""
    ai_payloads: str = ""
    session_logs: str = ""
    deleted_rows: str = ""


def _switches(service: Service) -> tuple[str, ...]:
    """The switches that do anything: one that the settings answer for every hotel is not among them."""
    shown = service.assistant.providers.lets_hotels_choose
    return tuple(name for name in _SWITCHES if shown or name != "openai_enabled")


@router.get("")
async def settings(request: Request, visitor: Decider, service: ServiceDep, said: str = "") -> Response:
    """What holds now."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        found = await hotel_settings.read(session, visitor.who)
    fields = asdict(found)
    days = fields.pop("retention_days")
    return _page(request, visitor, service, fields | days, said=_SAID.get(said))


@router.post("", dependencies=[MEANT])
async def save(
    request: Request, visitor: Decider, service: ServiceDep, form: Annotated[SettingsForm, Form()]
) -> Response:
    """What the form says holds, or it says what is wrong with it."""
    given = _given(service, form)
    wrong = faults(SettingsPatch, given, _wrong(visitor.t))
    if wrong:
        typed = form.model_dump() | {name: bool(getattr(form, name)) for name in _SWITCHES}
        return _page(request, visitor, service, typed, wrong)
    changes = filled(SettingsPatch, given).model_dump(exclude_unset=True)
    async with service.db.transaction(visitor.who.hotel_id) as session:
        await hotel_settings.change(session, visitor.who, changes)
    return RedirectResponse(f"{HERE}?said=saved", 303)


def _given(service: Service, form: SettingsForm) -> dict[str, Any]:
    """The form as the API takes it: an empty contact is none."""
    # Browsers end lines of a text area with two characters.
    texts = {name: getattr(form, name).replace("\r\n", "\n").strip() or None for name in _MAY_BE_EMPTY}
    return {
        **{name: bool(getattr(form, name)) for name in _switches(service)},
        "name": form.name,
        "timezone": form.timezone,
        "locale": form.locale,
        **texts,
        "retention_days": {sort: getattr(form, sort) for sort in BOUNDS},
    }


def _page(
    request: Request,
    visitor: Visitor,
    service: Service,
    fields: Mapping[str, Any],
    wrong: Mapping[str, str] | None = None,
    said: Notice | None = None,
) -> Response:
    regions = {region: list(names) for region, names in groupby(zones(), lambda name: name.partition("/")[0])}
    return form_page(
        request,
        visitor,
        "settings",
        fields,
        wrong,
        said=said,
        switches=_switches(service),
        regions=regions,
        languages=languages(visitor.t),
        sorts=visitor.t.choices("kept", _SORTS),
        bounds=BOUNDS,
        may_export=visitor.who.may("export.create"),
        longest_name=LONGEST_NAME,
        longest_title=LONGEST_TITLE,
        sends_mail=service.post.is_configured,
    )
