"""The pages of staff in the order of the navigation; one that is not built is not here."""

from dataclasses import dataclass

from hotelctl.app.api.rendering import Link
from hotelctl.app.domain.principal import Principal


@dataclass(frozen=True, slots=True)
class _Page:
    """A page and the permission that opens it; None opens it to every member of staff."""

    path: str
    label: str
    permission: str | None


_PAGES = (
    _Page("/admin", "Overview", "analytics.read"),
    _Page("/staff", "Work", "workorders.read"),
    _Page("/staff/tickets", "Tickets", "tickets.read"),
    _Page("/admin/knowledge", "Knowledge", "kb.manage"),
    _Page("/admin/qr", "QR codes", "qr.manage"),
    _Page("/admin/users", "People", "users.read"),
    _Page("/admin/audit", "Audit", "audit.read"),
    _Page("/admin/settings", "Settings", "settings.manage"),
    _Page("/account", "Account", None),
)


def links_for(who: Principal) -> tuple[Link, ...]:
    """The pages that somebody may open; the first is where they start."""
    return tuple(
        Link(page.path, page.label) for page in _PAGES if page.permission is None or who.may(page.permission)
    )
