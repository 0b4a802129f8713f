"""The hashed requirements that a release is installed from."""

from hotelctl.core.errors import Unavailable
from hotelctl.facts.lock import Lock, read_lock
from hotelctl.probes.context import Context

_USUAL = "requirements.txt"


def lock(context: Context) -> Lock:
    """The pins of `build.requirements` in the checkout; where no build is named, of the usual file."""
    build = context.configuration.spec.build_
    name = build.requirements if build else _USUAL
    path = context.configuration.project / name
    if not context.files.is_file(path):
        if build is None:
            raise Unavailable(context.configuration.lacks("[build]", "no lock of its packages is known"))
        raise Unavailable(f"{name}, which build.requirements names, is no file")
    return read_lock(name, context.files.read(path))
