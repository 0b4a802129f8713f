"""Accounts that were made for trying things out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccounts:
    """What the service's own `statement` finds in a database: `shown` are some of the `count` names."""

    profile: str
    database: str
    statement: str
    count: int
    shown: tuple[str, ...]
