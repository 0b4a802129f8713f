"""The environment's lock: this machine's own, and where its operators share a database the lease, too."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.host_lock import HostLock
from hotelctl.cli._wiring import layout_of, templates, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.config.state_url import state_url

# Most environments have one machine, which needs no driver.
if TYPE_CHECKING:
    from hotelctl.adapters.shared_lock import SharedLock

_SHARED = "postgres"


def lock_of(
    configuration: Configuration, tell: Callable[[str], None] = lambda _: None
) -> "HostLock | SharedLock":
    """The environment's lock, not touched; `tell` is given warnings. Raises `UsageError` for its URL."""
    layout, clock = layout_of(configuration), SystemClock()
    host = HostLock(layout.state, unrecorded_files(configuration), clock)
    url = state_url(configuration, templates(configuration, layout), os.environ)
    if url is None or not url.startswith(_SHARED):
        return host
    from hotelctl.adapters.lease import Lease
    from hotelctl.adapters.shared_lock import SharedLock

    name = configuration.spec.service.name
    return SharedLock(host, Lease(url, name, configuration.environment_name), clock, tell)
