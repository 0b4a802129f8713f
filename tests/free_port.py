"""Ports of loopback that nobody listens on, for what tests start."""

import random

from hotelctl.deploy.targets.ports import RELEASE_PORTS, is_free

# No release that a test deploys can take one of them before the test itself listens there.
_PORTS = range(10_000, RELEASE_PORTS.start)


def free_port(*taken: int) -> int:
    """One that is free now, none of `taken`; never one of those that releases are given."""
    return next(port for port in random.sample(_PORTS, len(_PORTS)) if port not in taken and is_free(port))
