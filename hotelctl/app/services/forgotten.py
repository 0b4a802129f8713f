"""A forgotten password: who has an access under an address gets a link there, and nobody else is told."""

from hotelctl.app.services import users
from hotelctl.app.services.link_delivery import deliver
from hotelctl.app.services.password_check import email_key
from hotelctl.app.services.post import Post
from hotelctl.app.store import limits, sessions
from hotelctl.app.store.engine import Database
from hotelctl.app.store.limits import Limit

# For each address, known or not: nobody fills a mailbox, and a link that was just sent stays good.
_EMAIL_LIMIT = Limit("forgot_email", allowed=3, window_s=3600)


async def send_link(db: Database, post: Post, public_url: str, email: str) -> None:
    """The mail with the link is written down where the address is of a live user.

    To be run when the request is answered: how long it takes would tell whether the address is known.
    Raises NotConfigured.
    """
    post.require()
    email = email.strip().lower()
    async with db.transaction() as session:
        if await limits.hit(session, _EMAIL_LIMIT, email_key(email)):
            return
        known = await sessions.credentials(session, email)
    if known is None:
        return
    async with db.transaction(known.hotel_id) as session:
        user = await sessions.live_user(session, known.user_id)
        if user is not None:
            deliver(session, post, user.hotel_id, await users.forgotten_link(session, user, public_url))
