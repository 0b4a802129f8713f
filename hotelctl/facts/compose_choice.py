"""Which compose files are run as one.

Those that somebody names together; the file that compose takes by itself, with the override file beside it;
and any other one, alone, or over that file where it cannot run alone. What is only included or extended runs
with the file that does so. The file that compose takes by itself counts no longer for itself where people
only ever name it with others.

Source: the documentation of Docker Compose, "Merge Compose files" and "Pre-defined environment variables".
"""

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotelctl.core.finding import Location
from hotelctl.facts.compose_merge import Services
from hotelctl.facts.compose_tree import RESET, Part

# In each directory compose takes the first of these and lays the first of the others over it.
FIRST = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""What compose takes by itself: in each directory the first one that is there."""
_OVER = tuple(f"{stem}.override.{end}" for stem in ("compose", "docker-compose") for end in ("yml", "yaml"))


@dataclass(frozen=True, slots=True)
class ComposeCall:
    """Somebody composes these `files` in their order; none of them: what compose takes by itself.

    What they name lies in `directory`. Of what does not `start`, images are built or one command is run. One
    that is `weak` only stops, lists or checks what another one may have begun. It `settles` what a command
    in that directory takes that names no file. `why` says, else empty, what of it nobody can tell before it
    runs.
    """

    place: Location
    files: tuple[str, ...] = ()
    directory: str = ""
    starts: bool = True
    weak: bool = False
    settles: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Files that are one, and the directory in which what they name lies."""

    files: tuple[str, ...]
    directory: str


def orders(
    whole: Mapping[str, Services], within: Collection[str], calls: Iterable[ComposeCall]
) -> Mapping[Order, tuple[ComposeCall, ...]]:
    """What is composed of the files in `whole`, each with the calls that say so.

    `within` are files that others include or extend.
    """
    said = tuple(calls)
    found = {order: list(some) for order, some in _named(whole, said)}
    known = {path for order in found for path in order.files}.union(within)
    started = (order for order, some in found.items() if any(one.starts for one in some))
    elsewhere = {path for order in started for path in order.files}.union(within)
    for base in whole:
        directory = posixpath.dirname(base)
        if base == _first(directory, whole):
            plain = [one for one in said if not one.files and not one.why and one.directory == directory]
            over = _over(directory, whole)
            settled = any(one.settles == directory for one in said)
            counted = known if any(map(lacks, whole[base].values())) else elsewhere
            if not settled and (plain or over or base not in counted):
                found.setdefault(Order((base, over) if over else (base,), directory), []).extend(plain)
        elif base not in known and base != _over(directory, whole):
            found.setdefault(_rest(base, directory, whole), [])
    return {order: tuple(some) for order, some in found.items()}


def _named(
    whole: Collection[str], calls: Iterable[ComposeCall]
) -> Iterator[tuple[Order, tuple[ComposeCall, ...]]]:
    """What commands and settings name; one that only stops or lists counts where nothing else is known."""
    found: dict[Order, list[ComposeCall]] = {}
    said = [one for one in calls if one.files]
    strong = {one.files[0] for one in said if not one.weak}
    for call in said:
        files = tuple(path for path in call.files if path in whole)
        if files and not (call.weak and call.files[0] in strong):
            found.setdefault(Order(files, call.directory), []).append(call)
    yield from ((order, tuple(some)) for order, some in found.items())


def _rest(path: str, directory: str, whole: Mapping[str, Services]) -> Order:
    """The file alone, or over the one that compose takes beside it where it leaves out what that one says."""
    base = _first(directory, whole)
    below = whole[base] if base is not None else {}
    if base is not None and any(_leaves_out(part, below.get(name)) for name, part in whole[path].items()):
        return Order((base, path), directory)
    return Order((path,), directory)


def lacks(part: Part) -> bool:
    """Whether compose refuses a service: it has neither an image nor a build."""
    return part.tag != RESET and not any(part.get(key) for key in ("image", "build", "extends", "provider"))


def _leaves_out(part: Part, below: Part | None) -> bool:
    if lacks(part):
        return True
    build = part.get("build")
    known = below.get("build") if below is not None else None
    return build is not None and known is not None and not build.text and build.get("context") is None


def _in(directory: str, names: Iterable[str], files: Collection[str]) -> str | None:
    return next((path for name in names if (path := posixpath.join(directory, name)) in files), None)


def _first(directory: str, files: Collection[str]) -> str | None:
    return _in(directory, FIRST, files)


def _over(directory: str, files: Collection[str]) -> str | None:
    """The file that compose lays by itself over the first one."""
    return _in(directory, _OVER, files) if _first(directory, files) is not None else None
