"""What is asked of layers of images: of each for itself, so that it holds for every image that has it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from hotelctl.core.kept import Question

Answer = TypeVar("Answer")
_Told_co = TypeVar("_Told_co", covariant=True)


@dataclass(frozen=True, slots=True)
class LayerFile:
    """A file in a layer of that digest; `read` gives its next bytes, none at the end.

    What takes a file of an earlier layer away is an empty file called `.wh.NAME`, `.wh..wh..opq` what takes
    all of its directory.
    """

    digest: str
    path: str
    read: Callable[[int], bytes]


class LayerLook(Protocol[_Told_co]):
    """Takes each file of one layer in turn."""

    def __call__(self, file: LayerFile) -> None:
        """Look at the next one."""
        ...

    def answer(self) -> _Told_co:
        """What all of them tell."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class LayerQuestion(Generic[Answer]):
    """An answer of `shape` follows from the bytes of a layer and from `question`, and from nothing else.

    `look` begins to look at a layer.
    """

    shape: type[Answer]
    question: Question
    look: Callable[[], LayerLook[Answer]]

    def of(self, digest: str) -> Question:
        """The same of one layer."""
        return replace(self.question, inputs={**self.question.inputs, "layer": digest.encode()})


@dataclass(frozen=True, slots=True)
class LayerAnswers:
    """What was said of the layers of an image; `digests` are theirs, oldest first."""

    digests: tuple[str, ...]
    had: Mapping[tuple[LayerQuestion[Any], str], Any]

    def of(self, question: LayerQuestion[Answer]) -> tuple[Answer, ...]:
        """The answer of each layer, in their order. Raises `KeyError` for what was not asked."""
        return tuple(self.had[question, digest] for digest in self.digests)


Asked = Sequence[LayerQuestion[Any]]
"""Questions of any shapes."""
