"""A hotel's plan and its limit of answers, on a page of its owner."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.form_faults import faults, filled
from hotelctl.app.api.form_page import form_page
from hotelctl.app.api.hotel_plan import PlanPatch
from hotelctl.app.api.notices import Notice
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.services import hotel_plan
from hotelctl.app.services.hotel_plan import MOST_CALLS
from hotelctl.app.services.service import Service

router = APIRouter(prefix="/admin/plan", include_in_schema=False)
HERE = "/admin/plan"
Payer = Annotated[Visitor, permitted("billing.manage")]
Text = Annotated[str, Form()]
_SAID = {"saved": Notice("good", "plan.saved")}


@router.get("")
async def shown(request: Request, visitor: Payer, service: ServiceDep, said: str = "") -> Response:
    """What holds now and how much of it is used."""
    return await _page(request, visitor, service, said=_SAID.get(said))


@router.post("", dependencies=[MEANT])
async def save(
    request: Request, visitor: Payer, service: ServiceDep, plan: Text = "", ai_monthly_limit: Text = ""
) -> Response:
    """What the form says holds, or it says what is wrong with it."""
    given = {"plan": plan.strip(), "ai_monthly_limit": ai_monthly_limit.strip()}
    words = {
        "plan": visitor.t("plan.wrong_plan", most=40),
        "ai_monthly_limit": visitor.t("settings.wrong_days", least=0, most=MOST_CALLS),
    }
    wrong = faults(PlanPatch, given, words)
    if wrong:
        return await _page(request, visitor, service, given, wrong)
    async with service.db.transaction(visitor.who.hotel_id) as session:
        await hotel_plan.change(session, visitor.who, filled(PlanPatch, given).model_dump())
    return RedirectResponse(f"{HERE}?said=saved", 303)


async def _page(
    request: Request,
    visitor: Visitor,
    service: Service,
    typed: Mapping[str, Any] | None = None,
    wrong: Mapping[str, str] | None = None,
    said: Notice | None = None,
) -> Response:
    async with service.db.transaction(visitor.who.hotel_id) as session:
        held = await hotel_plan.read(session, visitor.who)
    fields = typed or {"plan": held.plan, "ai_monthly_limit": held.ai_monthly_limit}
    return form_page(request, visitor, "plan", fields, wrong, held=held, most=MOST_CALLS, said=said)
