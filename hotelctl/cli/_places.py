"""Where a project keeps what hotelctl writes."""

from pathlib import Path

from hotelctl.core.errors import UsageError

REPORTS = Path("reports")
STATE = Path(".hotelctl")
LOCAL = "local"
_OF_A_PROJECT = (
    *("hotelctl.toml", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "package.json"),
    *(
        "Dockerfile",
        "manage.py",
        "go.mod",
        "Cargo.toml",
        "pom.xml",
        "build.gradle",
        "Gemfile",
        "composer.json",
    ),
)


def project() -> Path:
    """The directory that commands work in: the nearest around the current one that holds a service file.

    No further than the git checkout, which it is without any; outside of one the current directory.

    Raises:
        UsageError: the current directory was removed.

    """
    from hotelctl.config.load import written_file

    inside = _inside()
    return next((place for place in inside if written_file(place) is not None), inside[-1])


def part() -> Path:
    """The directory that a first service file is for: the nearest around the current one with a project.

    No further than the git checkout, which it is without any; a service file further up is another's.

    Raises:
        UsageError: the current directory was removed.

    """
    inside = _inside()
    return next((one for one in inside if any((one / name).exists() for name in _OF_A_PROJECT)), inside[-1])


def _inside() -> tuple[Path, ...]:
    """The current directory and those above it, up to that of the git checkout."""
    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        raise UsageError("the current directory is gone", "cd into the project") from error
    upwards = (here, *here.parents)
    top = next((n for n, place in enumerate(upwards) if (place / ".git").exists()), 0)
    return upwards[: top + 1]
