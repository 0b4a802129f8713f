"""Name, version and commit of the running program, taken from the artifact itself."""

from importlib import metadata, resources


def commit() -> str:
    """The commit that the artifact was exported from; `unknown` in a plain checkout."""
    text = resources.files(__package__).joinpath("_commit.txt").read_text().strip()
    return "unknown" if text.startswith("$") else text


def version() -> str:
    """The installed version; `0` where the package was not installed."""
    try:
        return metadata.version("plainsvc")
    except metadata.PackageNotFoundError:
        return "0"


def about() -> dict[str, str]:
    """What `/version` answers."""
    return {"name": "plainsvc", "version": version(), "commit": commit()}
