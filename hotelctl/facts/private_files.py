"""Files that the contract calls private, with who may read them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrivateFile:
    """A file, or the directory that holds some, and the key that leads there; `path` as people find it."""

    path: str
    mode: int
    key: str
    is_directory: bool = False


@dataclass(frozen=True, slots=True)
class PrivateFiles:
    """All that are there."""

    files: tuple[PrivateFile, ...]
