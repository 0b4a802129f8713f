"""One question to every Dockerfile: what is found counts, and a file that was not read never passes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding
from hotelctl.facts.dockerfile import Dockerfile, Dockerfiles


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why one place could not be judged."""

    why: str


def every_file(
    files: Dockerfiles, question: Callable[[Dockerfile], Iterable[Finding | Doubt]]
) -> Iterator[Finding]:
    """The findings of all files.

    Raises:
        Unavailable: after them, when a file could not be read or the question not answered for it.

    """
    doubts = [one.why for one in files.unread]
    for file in files.files:
        for answer in question(file):
            if isinstance(answer, Doubt):
                doubts.append(answer.why)
            else:
                yield answer
    if doubts:
        raise Unavailable("; ".join(doubts))
