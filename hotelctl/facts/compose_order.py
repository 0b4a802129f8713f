"""Which files compose takes as one, as the `.env` beside them says.

Source: the documentation of Docker Compose, "Pre-defined environment variables".
"""

from hotelctl.facts.compose_merge import beside
from hotelctl.facts.env_reading import read_dotenv

_FILES, _SEPARATOR = "COMPOSE_FILE", "COMPOSE_PATH_SEPARATOR"


def compose_file(path: str, data: bytes) -> tuple[str, ...]:
    """The files that COMPOSE_FILE names in the env file `path`, in their order; none where it is not set.

    One that lies outside of the project is left out.
    """
    taken = read_dotenv(data.decode("utf-8-sig", "replace"), {}).taken
    files, separator = (
        one.value.reveal() if (one := taken.get(name)) and one.value is not None else ""
        for name in (_FILES, _SEPARATOR)
    )
    named = (beside(path, name.strip()) for name in files.split(separator or ":") if name.strip())
    return tuple(dict.fromkeys(name for name in named if name))
