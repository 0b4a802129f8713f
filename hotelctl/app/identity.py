"""Who this process is: name, version, commit, instance."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

NAME = "hotel-assistant"
UNKNOWN = "unknown"
_COMMIT_FILE = Path(__file__).with_name("_commit.txt")


def installed_version() -> str:
    """The version of the installed distribution; `unknown` when run from bare files."""
    try:
        return version("hotelctl")
    except PackageNotFoundError:
        return UNKNOWN


def built_commit(commit_file: Path = _COMMIT_FILE) -> str:
    """The commit that the package was exported from; `unknown` when nothing filled it in."""
    text = commit_file.read_text(encoding="ascii").strip()
    return UNKNOWN if text.startswith("$") else text


@dataclass(frozen=True, slots=True)
class Identity:
    """One start of one instance; made once per process."""

    version: str = field(default_factory=installed_version)
    git_sha: str = field(default_factory=built_commit)
    instance_id: str = field(default_factory=lambda: secrets.token_hex(6))
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
