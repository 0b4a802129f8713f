"""What a throw-away instance of the candidate answers, with two people of two tenants in its database."""

from dataclasses import dataclass

from hotelctl.core.ports import Completed
from hotelctl.facts.demo_accounts import DemoAccounts
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.running_service import Asked
from hotelctl.facts.webhook_rounds import WebhookRound


@dataclass(frozen=True, slots=True)
class Attempts:
    """One way in, tried with the right password, a wrong one, and a name that nobody has.

    `names` are those that were tried, `volatile` the members of an answer that differ each time.
    """

    right: Asked
    wrong: Asked
    unknown: Asked
    accepted: int
    refused: int
    names: tuple[str, ...]
    volatile: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flood:
    """A request repeated until it was answered 429 or `count` times; `last` is the newest answer."""

    allowed: int
    count: int
    last: Asked


@dataclass(frozen=True, slots=True)
class KeyStep:
    """One step of an exchange of the signing key: how it ended, and who was let in afterwards.

    `before` asks with what was given out before the exchange, `after` with what was given out just now.
    """

    done: Completed
    before: Asked
    after: Asked


@dataclass(frozen=True, slots=True)
class SandboxAnswers:
    """`no_people` says why nobody could be logged in; `attempts`, `floods` and `key_steps` are empty then.

    `key_steps` end with the first one that refused.
    """

    live: LiveAnswers
    demo: DemoAccounts | None
    attempts: tuple[Attempts, ...] = ()
    floods: tuple[Flood, ...] = ()
    key_steps: tuple[KeyStep, ...] = ()
    no_people: str = ""
    webhooks: tuple[WebhookRound, ...] = ()
