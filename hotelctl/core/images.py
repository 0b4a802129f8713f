"""What a container engine says of an image, as a port."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hotelctl.core.image_trials import Trial, TrialSetting
from hotelctl.core.kept import KeptResults
from hotelctl.core.layers import Asked, LayerAnswers


@dataclass(frozen=True, slots=True)
class BuiltImage:
    """An image as the engine has it; `name` is what it was asked by, `digest` the image's own.

    `user` is empty where the image says none. `health` are the words of its health check, of which the first
    is NONE or how the others are run; empty where it has none. `env` are its variables in order, `history`
    the words of each of its layers, oldest first, those that added nothing among them, and `added_bytes` what
    each of these added.
    """

    name: str
    digest: str
    user: str
    env: tuple[tuple[str, str], ...]
    health: tuple[str, ...]
    labels: Mapping[str, str]
    history: tuple[str, ...]
    size_bytes: int
    added_bytes: tuple[int, ...] = ()


class Images(Protocol):
    """The images of a container engine."""

    def inspected(self, name: str) -> BuiltImage:
        """What the engine says of it; nothing is pulled.

        Raises:
            Unavailable: no engine answers, or it has no such image.

        """
        ...

    def layers(self, name: str, questions: Asked, kept: KeptResults) -> LayerAnswers:
        """What they say of each layer, of files that later layers hide as well.

        A layer is read once for all questions that have no answer yet, in `kept` or from this command, of a
        layer of the same digest.

        Raises:
            Unavailable: no engine answers, it has no such image, does not give it whole, or a layer is not
                what its digest says.

        """
        ...

    def tried(self, setting: TrialSetting) -> Trial:
        """How a container of the image did, without any network; nothing of it is left.

        Raises:
            Unavailable: no engine answers, it has no such image, or what prepares the container fails.

        """
        ...
