"""How an image is built and named by a container engine, as a port."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hotelctl.core.images import BuiltImage
from hotelctl.core.layers import Asked, LayerAnswers


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an image is made from.

    `context` is a directory of a clean export, `dockerfile` the path of the file, in it or elsewhere. `args`
    are build arguments; `labels` are given to the image, whatever the Dockerfile says. `limit_s` is how long
    it may take. `needs_buildkit` says that the Dockerfile holds what only BuildKit knows.
    """

    context: Path
    dockerfile: Path
    args: Mapping[str, str]
    labels: Mapping[str, str]
    limit_s: float
    needs_buildkit: bool = False


@dataclass(frozen=True, slots=True)
class MadeImage:
    """An image by its id, `sha256:` and 64 hex digits."""

    id: str
    size_bytes: int
    labels: Mapping[str, str]


class ImageBuilds(Protocol):
    """Builds images, and gives and takes their names. Every call can be repeated with the same arguments."""

    def build(self, recipe: Recipe, said: Callable[[str], None]) -> MadeImage:
        """The image of that recipe; `said` is told of each instruction as it begins, and of what it prints.

        It has no name yet. What a repeat finds done already is not done again.

        Raises:
            StepFailed: an instruction fails, in its words; the engine does not answer or ends meanwhile; the
                limit is over; a disk is full.

        """
        ...

    def named(self, name: str) -> MadeImage | None:
        """The image that is called so; None where none is. Raises `StepFailed`."""
        ...

    def inspected(self, name: str) -> BuiltImage:
        """What the engine says of the image that is called so, for checks. Raises `StepFailed`."""
        ...

    def layers(self, name: str, questions: Asked) -> LayerAnswers:
        """As `Images` says, of which this has the answers; nothing is kept. Raises `StepFailed`."""
        ...

    def forget(self) -> None:
        """What was kept of an image for that is gone."""
        ...

    def push(self, name: str, said: Callable[[str], None], limit_s: float) -> str:
        """The digest under which its registry has the image that is called so, as it was asked afterwards.

        What the registry has is not sent again, so a repeat goes on where an attempt ended.

        Raises:
            StepFailed: the registry refuses, cannot be reached again and again, or has another image then.

        """
        ...

    def name(self, image_id: str, names: Sequence[str]) -> None:
        """The image is called so, in this order, and no other is any more. Raises `StepFailed`."""
        ...

    def unname(self, image_id: str, names: Sequence[str]) -> None:
        """The image is not called so, and without any name left it is gone.

        What a container needs, what belongs to another image, and what nobody has, is left alone. Raises
        `StepFailed`.
        """
        ...
