"""check-wheel-contents' judgement of a wheel: how it is called, and what its words mean."""

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.program_answer import ended, last_words
from hotelctl.facts.stray import kind_of_stray
from hotelctl.facts.wheel import Wheel

PROGRAM = "check-wheel-contents"
_NOT_IMPORTABLE = "W004"
_RULE = re.compile(r"(?P<rule>W\d{3}): (?P<words>[^:]+):?")


@dataclass(frozen=True, slots=True)
class ContentsRemark:
    """One of its findings; `members` are those that it names, a directory with a slash at its end."""

    rule: str
    words: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WheelContents:
    """Its remarks on the file called `name`, without what is told as a stray."""

    name: str
    argv: tuple[str, ...]
    remarks: tuple[ContentsRemark, ...]


def command(name: str) -> tuple[str, ...]:
    """The words of a run in the directory of the file, which heeds no settings."""
    return ("--no-config", name)


def remarks(name: str, done: Completed) -> tuple[ContentsRemark, ...]:
    """What it found in the file called `name`.

    It ends with 1 also where it crashed or could not open the file: only its own form of a remark counts.

    Raises:
        Unavailable: it was killed, crashed, complained, or its words contradict the code that it ended with.

    """
    code = ended(PROGRAM, done, (0, 1))
    lines = done.stdout.splitlines()
    if code == 0 and lines == [f"{name}: OK"]:
        return ()
    if code == 1 and not done.stderr.strip() and (found := _remarks(name, lines)):
        return found
    raise Unavailable(f"{PROGRAM} ended with {code} and gave no clear verdict{last_words(done)}")


def _remarks(name: str, lines: list[str]) -> tuple[ContentsRemark, ...]:
    """None where a line is neither a remark nor a member of one."""
    found: list[ContentsRemark] = []
    for line in lines:
        head = _RULE.fullmatch(line.removeprefix(f"{name}: "))
        if head is not None and line.startswith(name):
            found.append(ContentsRemark(head["rule"], head["words"], ()))
        elif found and line.startswith("  "):
            last = found.pop()
            found.append(ContentsRemark(last.rule, last.words, (*last.members, line[2:])))
        else:
            return ()
    return tuple(found)


def without_migrations(found: tuple[ContentsRemark, ...], directory: str) -> tuple[ContentsRemark, ...]:
    """The same, without the remark that names in `directory` cannot be imported: revisions are read by path.

    `directory` is that of the project; in the wheel it may lie without the `src` before it.
    """
    kept = []
    for one in found:
        if one.rule == _NOT_IMPORTABLE:
            members = tuple(name for name in one.members if not _below(name, directory))
            kept += [ContentsRemark(one.rule, one.words, members)] if members else []
        else:
            kept.append(one)
    return tuple(kept)


def without_strays(found: tuple[ContentsRemark, ...], wheel: Wheel) -> tuple[ContentsRemark, ...]:
    """The same, without the members that are strays in `wheel`, or directories of nothing else."""
    return tuple(
        replace(one, members=tuple(name for name in one.members if not _stray(name, wheel))) for one in found
    )


def _stray(member: str, wheel: Wheel) -> bool:
    below = [name for name in wheel.digests if name == member or name.startswith(f"{member.rstrip('/')}/")]
    return bool(below) and all(kind_of_stray(wheel, name) is not None for name in below)


def _below(name: str, directory: str) -> bool:
    places = (str(place) for place in PurePosixPath(name).parents)
    return any(f"/{directory.strip('/')}".endswith(f"/{place}") for place in places if place != ".")
