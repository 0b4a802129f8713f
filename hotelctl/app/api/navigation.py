"""The pages of staff in the order of the navigation; one that is not built is not here."""

from dataclasses import dataclass

from hotelctl.app.api.rendering import Link
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.texts import Texts


@dataclass(frozen=True, slots=True)
class _Page:
    """A page and the permission that opens it; None opens it to every member of staff."""

    path: str
    label: str
    permission: str | None


_PAGES = (
    _Page("/admin", "nav.overview", "analytics.read"),
    _Page("/staff", "nav.work", "workorders.read"),
    _Page("/staff/tickets", "nav.tickets", "tickets.read"),
    _Page("/admin/knowledge", "nav.knowledge", "kb.manage"),
    _Page("/admin/qr", "nav.codes", "qr.manage"),
    _Page("/admin/users", "nav.people", "users.read"),
    _Page("/admin/audit", "nav.audit", "audit.read"),
    _Page("/admin/settings", "nav.settings", "settings.manage"),
    _Page("/admin/plan", "nav.plan", "billing.manage"),
    _Page("/account", "nav.account", None),
)


def links_for(who: Principal, t: Texts) -> tuple[Link, ...]:
    """The pages that somebody may open; the first is where they start."""
    return tuple(
        Link(page.path, t(page.label))
        for page in _PAGES
        if page.permission is None or who.may(page.permission)
    )
