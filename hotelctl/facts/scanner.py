"""The scanners among which a service chooses: each with its words, and what its answer holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hotelctl.core.ports import Completed
from hotelctl.facts import betterleaks, kingfisher
from hotelctl.facts.archives import INSIDE
from hotelctl.facts.leaks import Item, expected, meant, members

Answered = Callable[[Completed, str, Mapping[str, bytes]], list[Item]]


@dataclass(frozen=True, slots=True)
class Scanner:
    """One of them; `command` are the words for the archive of that name, `answered` what it found in it.

    The latter raises `Unavailable` unless it read all and found what was planted. One that `goes_on` can read
    of a history what is new alone.
    """

    program: str
    command: Callable[[str], tuple[str, ...]]
    answered: Answered
    goes_on: bool


def _of_betterleaks(done: Completed, archive: str, _: Mapping[str, bytes]) -> list[Item]:
    return betterleaks.answered(done, expected(archive))


def _of_kingfisher(done: Completed, archive: str, files: Mapping[str, bytes]) -> list[Item]:
    held = members(files)
    told = kingfisher.by_place(kingfisher.in_archive(done, held))
    shaped = (
        item
        for (_, path), found in told.items()
        for item in kingfisher.items(found, held.get(path.removeprefix(f"{archive}{INSIDE}")))
    )
    return meant(kingfisher.PROGRAM, shaped, expected(archive))


SCANNERS: Mapping[str, Scanner] = MappingProxyType(
    {
        betterleaks.PROGRAM: Scanner(betterleaks.PROGRAM, betterleaks.command, _of_betterleaks, goes_on=True),
        kingfisher.PROGRAM: Scanner(kingfisher.PROGRAM, kingfisher.command, _of_kingfisher, goes_on=False),
    }
)
