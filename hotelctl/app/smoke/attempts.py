"""What probes leave where attempts are counted: it is taken away, and nothing that is anybody else's."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Connection, text

from hotelctl.app.domain.ids import SYNTHETIC_DOMAIN
from hotelctl.app.services.password_check import address_key, email_key

_THIS_MACHINE = frozenset({"127.0.0.1", "::1"})
# Under which the instance knows this machine, once somebody of the run came in: nobody else can.
_ADDRESSES = text("SELECT DISTINCT host(ip) FROM sessions WHERE hotel_id = :hotel AND ip IS NOT NULL")
_FORGIVE = text(
    "UPDATE rate_limits SET hits = hits - 1 WHERE bucket = :bucket AND key = ANY (:keys) AND hits > 0"
)
# A row without an attempt says what no row says.
_EMPTY = text("DELETE FROM rate_limits WHERE key = ANY (:keys) AND hits <= 0")
# Whoever is marked as gone, in deleted_at, was counted, too.
_SUBJECTS = text(
    "SELECT id::text FROM users /* whatever deleted_at */ WHERE hotel_id = :hotel"
    " UNION SELECT id::text FROM sessions WHERE hotel_id = :hotel"
)
_EMAILS = text("SELECT email FROM users /* whatever deleted_at */ WHERE hotel_id = :hotel")
_FORGET = text("DELETE FROM rate_limits WHERE key = ANY (:keys)")


def forgive(
    connection: Connection, hotel_id: UUID, bucket: str, counted_as: Callable[[str], str] = str
) -> None:
    """One attempt of this machine in the run is taken back, counted as what is made of its address."""
    keys = [counted_as(address) for address in _addresses(connection, hotel_id)]
    connection.execute(_FORGIVE, {"bucket": bucket, "keys": keys})
    connection.execute(_EMPTY, {"keys": keys})


def forget(connection: Connection, hotel_id: UUID) -> None:
    """Nothing is counted any more of the run, whose hotel is there still."""
    of_hotel, addresses = {"hotel": hotel_id}, _addresses(connection, hotel_id)
    of_run = [
        *connection.scalars(_SUBJECTS, of_hotel),
        *(email_key(email) for email in connection.scalars(_EMAILS, of_hotel)),
        *(address_key(f"@{SYNTHETIC_DOMAIN}", address) for address in addresses),
    ]
    connection.execute(_FORGET, {"keys": of_run})
    connection.execute(_EMPTY, {"keys": [*addresses]})


def _addresses(connection: Connection, hotel_id: UUID) -> frozenset[str]:
    return _THIS_MACHINE | frozenset(connection.scalars(_ADDRESSES, {"hotel": hotel_id}))
