"""How a one-time link reaches the person: by mail where mail is set up, else by whoever made it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.mails import Mail
from hotelctl.app.services.one_time_links import Link
from hotelctl.app.services.post import Post


class Delivery(StrEnum):
    """The way that a link takes."""

    MAIL = "mail"
    """Sent to the person's own address; nobody else has seen it."""
    LINK = "link"
    """Shown once to whoever made it, who hands it over."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new link and the mail that would bring it."""

    link: Link
    mail: Mail


@dataclass(frozen=True, slots=True)
class Delivered:
    """What whoever made a link learns of it; the address of one that is mailed is not theirs to know."""

    delivery: Delivery
    url: str | None
    expires_at: datetime


def deliver(session: AsyncSession, post: Post, hotel_id: UUID, issued: Issued) -> Delivered:
    """The mail goes out once the transaction holds; without a mail server the link is given back."""
    if not post.is_configured:
        return Delivered(Delivery.LINK, issued.link.url, issued.link.expires_at)
    post.enqueue(session, hotel_id, issued.mail)
    return Delivered(Delivery.MAIL, None, issued.link.expires_at)
