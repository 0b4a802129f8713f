"""Chores that open a hotel: the hotel itself, and the first people who run it."""

import argparse
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hotelctl.app.api.texts import LONGEST_NAME, EmailAddress, PersonName
from hotelctl.app.chore import Answer, ChoreError
from hotelctl.app.domain.permissions import Role
from hotelctl.app.owner import owner
from hotelctl.app.services import one_time_links
from hotelctl.app.services.one_time_links import INVITE, Link
from hotelctl.app.settings import AddressSettings, load
from hotelctl.app.store import audit, upkeep
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.upkeep import NewUser

_ADDRESS = TypeAdapter[str](EmailAddress)
_NAME = TypeAdapter[str](PersonName)
_OF_A_NAME = f"1 to {LONGEST_NAME} characters that can be seen"
_NO_ADDRESS = (
    "HOTEL_PUBLIC_URL is not set: the link is the address under which people reach the service, then the path"
)


def create_hotel(arguments: argparse.Namespace) -> Answer:
    """Id and slug of the new hotel."""
    name = _read(_NAME, arguments.name, "--name", _OF_A_NAME)
    with owner() as connection:
        hotel_id = upkeep.add_hotel(connection, name=name, slug=arguments.slug)
        made = Change(after={"name": name})
        audit.note_as_owner(connection, hotel_id, "hotel.create", Thing("hotel", hotel_id), made)
    return {"hotel_id": str(hotel_id), "slug": arguments.slug}


def create_admin(arguments: argparse.Namespace) -> Answer:
    """The link, good once and for three days, with which a new admin or owner sets a password.

    Asked again before that, it is a new link and the old one is no longer good.
    """
    email = _read(_ADDRESS, arguments.email.strip().lower(), "--email", "an address like name@hotel.example")
    name = _read(_NAME, arguments.display_name or email[:LONGEST_NAME], "--display-name", _OF_A_NAME)
    public_url = load(AddressSettings).hotel_public_url
    with owner() as connection:
        hotel_id = upkeep.hotel_by_slug(connection, arguments.hotel)
        if hotel_id is None:
            raise ChoreError(f"no hotel has the slug {arguments.hotel}")
        user = NewUser(hotel_id, email, name, Role(arguments.role), password_hash=None)
        user_id = upkeep.awaited_user(connection, hotel_id, email, user.role) or upkeep.add_user(
            connection, user
        )
        shown = Change(after={"role": user.role.value})
        audit.note_as_owner(connection, hotel_id, "user.invite", Thing("user", user_id), shown)
        link = one_time_links.make_as_owner(
            connection, public_url or "", hotel_id=hotel_id, user_id=user_id, purpose=INVITE
        )
    return {"user_id": str(user_id), "email": email, **_way_in(link, public_url)}


def _read(shape: TypeAdapter[str], given: str, option: str, expected: str) -> str:
    """The text of an option. Raises ChoreError."""
    try:
        return shape.validate_python(given)
    except ValidationError:
        raise ChoreError(f"{option} {given!r} cannot be: it is {expected}") from None


def _way_in(link: Link, public_url: str | None) -> Answer:
    """The link as it is opened, or what it is made of where nobody said how people reach the service."""
    until: Answer = {"expires_at": link.expires_at.isoformat()}
    if public_url is not None:
        return {"link": link.url, **until}
    return {"path": link.url, **until, "remedy": _NO_ADDRESS}


def register(chores: Any) -> None:  # noqa: ANN401 - argparse keeps the type of its own to itself
    """The chores have their words on the command line."""
    hotel = chores.add_parser("create-hotel", help=create_hotel.__doc__)
    hotel.add_argument("--name", required=True)
    hotel.add_argument("--slug", required=True)
    hotel.set_defaults(chore=create_hotel)
    admin = chores.add_parser("create-admin", help=create_admin.__doc__)
    admin.add_argument("--hotel", required=True, help="slug of the hotel")
    admin.add_argument("--email", required=True)
    admin.add_argument("--display-name")
    admin.add_argument(
        "--role",
        choices=(Role.ADMIN.value, Role.OWNER.value),
        default=Role.ADMIN.value,
        help="admin if not said",
    )
    admin.set_defaults(chore=create_admin)
