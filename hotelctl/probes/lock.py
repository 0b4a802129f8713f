"""The hashed requirements that a release is installed from."""

from hotelctl.core.errors import Unavailable
from hotelctl.facts.lock import Lock, read_lock
from hotelctl.probes.context import Context


def lock(context: Context) -> Lock:
    """The pins of `build.requirements` in the checkout."""
    name = context.configuration.spec.build.requirements
    path = context.configuration.project / name
    if not context.files.is_file(path):
        raise Unavailable(f"{name}, which build.requirements names, is no file")
    return read_lock(name, context.files.read(path))
