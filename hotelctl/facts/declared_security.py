"""Which parts of `[security]` a service declares, so that what does not arise needs no instance."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeclaredLogIns:
    """How many ways in there are; at least one."""

    count: int


@dataclass(frozen=True, slots=True)
class DeclaredLimits:
    """How many limits there are; at least one."""

    count: int


@dataclass(frozen=True, slots=True)
class DeclaredRotation:
    """How many steps an exchange of the signing key has; at least one."""

    count: int
