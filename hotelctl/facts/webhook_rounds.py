"""Signed messages that were sent to an instance as an outside service sends them."""

from dataclasses import dataclass

from hotelctl.facts.running_service import Asked


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message and its answer; `welcome` is whether it had to be taken."""

    asked: Asked
    welcome: bool


@dataclass(frozen=True, slots=True)
class WebhookRound:
    """Messages in the name of the service `name`, signed with the value of `variable`, or badly."""

    name: str
    variable: str
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The names of the outside services whose webhooks have a secret; there is one at least."""

    configured: tuple[str, ...]
