"""Which parts of `[security]` the service file has."""

from collections.abc import Sized

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.declared_security import DeclaredLimits, DeclaredLogIns, DeclaredRotation
from hotelctl.probes.context import Context


def declared_log_ins(context: Context) -> DeclaredLogIns:
    """Raises `NotApplicable` where there are none."""
    found = context.configuration.spec.security.log_in
    return DeclaredLogIns(_some(context, found, "[[security.log_in]]"))


def declared_limits(context: Context) -> DeclaredLimits:
    """Raises `NotApplicable` where there are none."""
    return DeclaredLimits(_some(context, context.configuration.spec.security.limit, "[[security.limit]]"))


def declared_rotation(context: Context) -> DeclaredRotation:
    """Raises `NotApplicable` where there is none, or no protected route to try it on."""
    security = context.configuration.spec.security
    _some(context, security.protected, "protected route in [security]")
    return DeclaredRotation(_some(context, security.rotation.steps, "steps in [security.rotation]"))


def _some(context: Context, found: Sized, what: str) -> int:
    if not found:
        raise NotApplicable(context.configuration.names_no(what))
    return len(found)
