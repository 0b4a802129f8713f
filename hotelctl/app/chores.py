"""`python -m hotelctl.app.chores`: what is done from outside the running service, each safe to repeat.

Each chore prints one JSON object. All but `keyring` and `services` need the owner's DATABASE_URL.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from hotelctl.app import hotel_chores
from hotelctl.app.api.texts import LONGEST_NAME, EmailAddress, PersonName
from hotelctl.app.chore import Answer, ChoreError, FailedAnswer, owner
from hotelctl.app.domain.failures import EXIT_DEPENDENCY, StartFailure
from hotelctl.app.domain.permissions import Role
from hotelctl.app.external_settings import ExternalSettings
from hotelctl.app.migrate import one_line
from hotelctl.app.services import keyring, one_time_links, rotation
from hotelctl.app.services.external.contact import Standing, State
from hotelctl.app.services.external.directory import Directory
from hotelctl.app.services.one_time_links import INVITE, Link
from hotelctl.app.services.rotation import RotationError
from hotelctl.app.settings import AddressSettings, KeyringSettings, load
from hotelctl.app.store import audit, upkeep
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.upkeep import NewUser

EXIT_FAILED = 1
# What a person is told of a rule of the database that can be broken from here.
_BROKEN = {
    "users_email_live": "somebody has this address already, here or in another hotel; take another, or let"
    " who stands above the person send a new link (/admin/users)",
    "hotels_slug_live": "a hotel has this slug already; take another one",
    "hotels_slug_form": "a slug is 2 to 63 of a-z, 0-9, _ and -, and does not begin with -",
}
_ADDRESS = TypeAdapter[str](EmailAddress)
_NAME = TypeAdapter[str](PersonName)
_NO_ADDRESS = (
    "HOTEL_PUBLIC_URL is not set: the link is the address under which people reach the service, then the path"
)


def keyring_init(_: argparse.Namespace) -> Answer:
    """A usable keyring exists."""
    directory = load(KeyringSettings).hotel_keyring
    made = keyring.init(directory)
    return {"created": made, "active": keyring.load(directory).active}


def keyring_show(_: argparse.Namespace) -> Answer:
    """The ids of the keys; never a key."""
    ring = keyring.load(load(KeyringSettings).hotel_keyring)
    return {"active": ring.active, "keys": sorted(ring.keys)}


def keyring_publish(_: argparse.Namespace) -> Answer:
    """First step of an exchange: a new key is known to every instance, the old one signs."""
    kid, made = rotation.publish(load(KeyringSettings).hotel_keyring)
    return {"published": kid, "created": made}


def keyring_switch(_: argparse.Namespace) -> Answer:
    """Second step: the published key signs, the old one still verifies; refused within 10 s of the first."""
    kid, switched = rotation.switch(load(KeyringSettings).hotel_keyring)
    return {"active": kid, "switched": switched}


def keyring_retire(_: argparse.Namespace) -> Answer:
    """Last step: the old key is gone; refused as long as tokens of it may live."""
    return {"retired": rotation.retire(load(KeyringSettings).hotel_keyring)}


def services_check(arguments: argparse.Namespace) -> Answer:
    """The state of every outside service, or those named, each asked by a real call that changes nothing."""
    directory = Directory(load(ExternalSettings))
    known = [one.name for one in directory.contacts]
    wanted = arguments.only.split(",") if arguments.only else known
    if unknown := [name for name in wanted if name not in known]:
        raise ChoreError(f"no outside service is called {unknown[0]}; there are {', '.join(known)}")
    found = asyncio.run(_asked(directory, wanted, arguments.tries))
    answer: Answer = {
        name: {
            **asdict(tries[-1]),
            "latencies_ms": [one.latency_ms for one in tries if one.latency_ms is not None],
        }
        for name, tries in found.items()
    }
    if any(tries[-1].state is State.FAILED for tries in found.values()):
        raise FailedAnswer(answer)
    return answer


async def _asked(directory: Directory, wanted: Sequence[str], tries: int) -> dict[str, list[Standing]]:
    """What was found of each service, so often; one that does not answer is asked no further."""
    found: dict[str, list[Standing]] = {name: [] for name in wanted}
    for _ in range(tries):
        answering = [name for name in wanted if all(one.state is State.OK for one in found[name])]
        standings = await directory.check(answering)
        for name in answering:
            found[name].append(standings[name])
    return found


def codes_sweep(_: argparse.Namespace) -> Answer:
    """Codes that ran out 90 days ago are gone; to be run every day."""
    with owner() as connection:
        return {"codes_removed": upkeep.sweep_codes(connection)}


def create_hotel(arguments: argparse.Namespace) -> Answer:
    """Id and slug of the new hotel."""
    name = _read(_NAME, arguments.name, "--name", "1 to 120 characters")
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
    name = _read(
        _NAME, arguments.display_name or email[:LONGEST_NAME], "--display-name", "1 to 120 characters"
    )
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


def keyring_rotate(_: argparse.Namespace) -> Answer:
    """All that is due of an exchange: publish, ten seconds later switch; and, called again later, retire."""
    return rotation.rotate(load(KeyringSettings).hotel_keyring)


_KEYRING_CHORES = {
    "rotate": keyring_rotate,
    "init": keyring_init,
    "show": keyring_show,
    "publish": keyring_publish,
    "switch": keyring_switch,
    "retire": keyring_retire,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hotelctl.app.chores", description=__doc__)
    chores = parser.add_subparsers(required=True, metavar="chore")
    for group, actions in (
        ("services", {"check": services_check}),
        ("keyring", _KEYRING_CHORES),
        ("codes", {"sweep": codes_sweep}),
    ):
        choices = chores.add_parser(group).add_subparsers(required=True, metavar="action")
        for name, action in actions.items():
            one = choices.add_parser(name, help=action.__doc__)
            one.set_defaults(chore=action)
            if action is services_check:
                one.add_argument("--only", metavar="NAME[,...]", help="only these services")
                one.add_argument("--tries", metavar="N", type=int, choices=range(1, 11), default=1)
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
    hotel_chores.register(chores)
    return parser


def _print(answer: Answer) -> None:
    sys.stdout.write(json.dumps(answer, default=str) + "\n")


def _failed(exit_code: int, reason: str) -> int:
    sys.stderr.write(f"chore failed: {reason}\n")
    return exit_code


def _refusal(error: SQLAlchemyError) -> tuple[int, str]:
    if isinstance(error, IntegrityError):
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        return EXIT_FAILED, _BROKEN.get(constraint or "", f"the database refused it: {constraint}")
    return EXIT_DEPENDENCY if isinstance(error, OperationalError) else EXIT_FAILED, one_line(error)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 refused or not in order, 75 no database, 78 unusable configuration."""
    arguments = _parser().parse_args(argv)
    chore: Callable[[argparse.Namespace], Answer] = arguments.chore
    try:
        answer = chore(arguments)
    except FailedAnswer as failed:
        _print(failed.answer)
        return EXIT_FAILED
    except StartFailure as failure:
        return _failed(failure.exit_code, failure.message)
    except (ChoreError, RotationError) as error:
        return _failed(EXIT_FAILED, str(error))
    except SQLAlchemyError as error:
        return _failed(*_refusal(error))
    _print(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
