"""The log of comings and goings of a hotel: rows are added and never rewritten."""

from ipaddress import ip_address
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.logs import current_request
from hotelctl.app.store.tables import UserSessionLog

Event = Literal["login_ok", "login_fail", "qr_scan", "refresh", "logout", "revoked", "reuse_detected"]
Method = Literal["password", "qr_camera", "qr_manual"]


def address(text: str) -> str | None:
    """The network address, if it is one: a client behind a socket file has none."""
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def note(  # noqa: PLR0913 - a row has that many columns
    session: AsyncSession,
    event: Event,
    *,
    method: Method | None = None,
    session_id: UUID | None = None,
    user_id: UUID | None = None,
    role: str | None = None,
    qr_token_id: UUID | None = None,
    outcome: str | None = None,
) -> None:
    """A row in the hotel of the transaction; address and browser are those of the request under way."""
    record = current_request.get()
    session.add(
        UserSessionLog(
            id=uuid7(),
            hotel_id=session.info["hotel_id"],
            event=event,
            method=method,
            session_id=session_id,
            user_id=user_id,
            role=role,
            qr_token_id=qr_token_id,
            outcome=outcome,
            ip=address(record.client_ip) if record else None,
            ua=record.user_agent if record else None,
            request_id=record.request_id if record else None,
        )
    )
