"""Where a project keeps what hotelctl writes."""

from pathlib import Path

from hotelctl.core.errors import UsageError

REPORTS = Path("reports")
STATE = Path(".hotelctl")
LOCAL = "local"


def project() -> Path:
    """The directory that commands work in: the nearest around the current one that holds a service file.

    No further than the git checkout, which it is without any; outside of one the current directory.

    Raises:
        UsageError: the current directory was removed.

    """
    from hotelctl.config.load import written_file

    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        raise UsageError("the current directory is gone", "cd into the project") from error
    upwards = (here, *here.parents)
    top = next((n for n, place in enumerate(upwards) if (place / ".git").exists()), 0)
    inside = upwards[: top + 1]
    return next((place for place in inside if written_file(place) is not None), inside[-1])
