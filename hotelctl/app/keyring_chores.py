"""Chores of the signing keys; they need no database, and as a deploy waits for one they load no ORM."""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

from hotelctl.app.chore import Answer, ChoreError
from hotelctl.app.services import keyring, rotation
from hotelctl.app.services.rotation import RotationError
from hotelctl.app.settings import KeyringSettings, load


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


def keyring_rotate(_: argparse.Namespace) -> Answer:
    """All that is due of an exchange: publish, ten seconds later switch; and, called again later, retire."""
    return rotation.rotate(load(KeyringSettings).hotel_keyring)


_CHORES = {
    "rotate": keyring_rotate,
    "init": keyring_init,
    "show": keyring_show,
    "publish": keyring_publish,
    "switch": keyring_switch,
    "retire": keyring_retire,
}


def register(chores: Any) -> None:  # noqa: ANN401 - argparse keeps the type of its own to itself
    """The chores have their words on the command line."""
    choices = chores.add_parser("keyring", help="the signing keys: made, shown, exchanged").add_subparsers(
        required=True, metavar="action"
    )
    for name, chore in _CHORES.items():
        choices.add_parser(name, help=chore.__doc__).set_defaults(chore=partial(_in_order, chore))


def _in_order(chore: Callable[[argparse.Namespace], Answer], arguments: argparse.Namespace) -> Answer:
    """The chore's answer. Raises ChoreError for a step out of order."""
    try:
        return chore(arguments)
    except RotationError as error:
        raise ChoreError(str(error)) from error
