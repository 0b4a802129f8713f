"""Where a project keeps what hotelctl writes."""

from pathlib import Path

from hotelctl.core.errors import UsageError

REPORTS = Path("reports")
STATE = Path(".hotelctl")
LOCAL = "local"


def project() -> Path:
    """The directory that commands work in: the git checkout around the current one, else that one.

    Raises:
        UsageError: the current directory was removed.

    """
    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        raise UsageError("the current directory is gone", "cd into the project") from error
    return next((place for place in (here, *here.parents) if (place / ".git").exists()), here)
