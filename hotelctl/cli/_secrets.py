"""What an environment keeps to itself: the key of short hashes, the run-time role's password."""

import secrets
from pathlib import Path

from hotelctl.core.ports import Files

_BYTES = 32
_IGNORE = "# state of deployments, not sources\n*\n"


def keep_out_of_git(directory: Path, files: Files) -> None:
    """`directory` exists and git never looks into it."""
    if not files.exists(directory / ".gitignore"):
        files.make_directory(directory, 0o755)
        files.write_durable(directory / ".gitignore", _IGNORE.encode())


def kept(path: Path, files: Files, *, keep: bool) -> str:
    """The random text in `path`, readable by its owner only; made when missing, stored only with `keep`."""
    if path.exists():
        return path.read_text(encoding="ascii")
    made = secrets.token_urlsafe(_BYTES)
    if keep:
        files.make_directory(path.parent, 0o755)
        files.write_durable(path, made.encode(), 0o600)
    return made
