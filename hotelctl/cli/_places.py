"""Where a project keeps what hotelctl writes."""

from pathlib import Path

REPORTS = Path("reports")
STATE = Path(".hotelctl")
LOCAL = "local"


def project() -> Path:
    """The directory that commands work in: the git checkout around the current one, else that one."""
    here = Path.cwd()
    return next((place for place in (here, *here.parents) if (place / ".git").exists()), here)
