"""What a container engine says of an image, as a port."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BuiltImage:
    """An image as the engine has it; `name` is what it was asked by, `digest` the image's own.

    `user` is empty where the image says none. `health` are the words of its health check, of which the first
    is NONE or how the others are run; empty where it has none. `env` are its variables in order, `history`
    the words of each of its layers, oldest first, those that added nothing among them.
    """

    name: str
    digest: str
    user: str
    env: tuple[tuple[str, str], ...]
    health: tuple[str, ...]
    labels: Mapping[str, str]
    history: tuple[str, ...]
    size_bytes: int


class Images(Protocol):
    """The images of a container engine."""

    def inspected(self, name: str) -> BuiltImage:
        """What the engine says of it; nothing is pulled.

        Raises:
            Unavailable: no engine answers, or it has no such image.

        """
        ...
