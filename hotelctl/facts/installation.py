"""A fresh environment that holds a release."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Installation:
    """A fresh environment with the hashed requirements and the artifact, and whether its packages import."""

    venv: Path
    install_exit: int | None
    install_argv: tuple[str, ...]
    install_words: str
    import_exit: int | None
    import_words: str
    imports: tuple[str, ...]
