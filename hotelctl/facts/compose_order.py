"""Which files compose takes as one, as the `.env` beside them says.

Source: the documentation of Docker Compose, "Pre-defined environment variables".
"""

import posixpath

from hotelctl.core.finding import Location
from hotelctl.facts.compose_choice import ComposeCall
from hotelctl.facts.compose_merge import beside
from hotelctl.facts.env_reading import read_dotenv

_FILES, _SEPARATOR = "COMPOSE_FILE", "COMPOSE_PATH_SEPARATOR"


def compose_file(path: str, data: bytes) -> ComposeCall | None:
    """The files that COMPOSE_FILE names in the env file `path`, in their order; None where it is not set.

    What they name lies beside the first one, and a file outside of the project is left out.
    """
    taken = read_dotenv(data.decode("utf-8-sig", "replace"), {}).taken
    files, separator = (
        one.value.reveal() if (one := taken.get(name)) and one.value is not None else ""
        for name in (_FILES, _SEPARATOR)
    )
    named = (beside(path, name.strip()) for name in files.split(separator or ":") if name.strip())
    found = tuple(dict.fromkeys(name for name in named if name))
    if not found:
        return None
    place = Location(path, taken[_FILES].line)
    return ComposeCall(place, found, posixpath.dirname(found[0]), settles=posixpath.dirname(path))
