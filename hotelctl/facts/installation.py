"""A fresh environment that holds a release."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Installation:
    """A fresh environment with the hashed requirements and the artifact, and how making it ended."""

    venv: Path
    install_exit: int | None
    install_argv: tuple[str, ...]
    install_words: str


@dataclass(frozen=True, slots=True)
class Imported:
    """How importing `names` in turn ended there; no exit code where it was not tried."""

    names: tuple[str, ...]
    exit_code: int | None
    words: str
