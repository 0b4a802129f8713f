"""What one compose file says, and what a service is once all files that speak of it are one.

Source: the Compose Specification.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location
from hotelctl.facts.compose_merge import Services, beside, extended_file
from hotelctl.facts.compose_tree import OVERRIDE, RESET, Part, read_tree

PATTERNS = ("*compose*.yml", "*compose*.yaml")
"""What git is asked for; not every such file is one."""

LIMIT_BYTES = 500_000
"""Larger files are not read: people did not write them."""

_NAME = re.compile(r"(.*/)?(docker-)?compose([.-][\w.-]+)?\.ya?ml")
_REFERENCE = re.compile(
    r"\$(?:\$|(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?P<form>:?[-?+])?(?P<word>[^{}]*)\})"
)
_COMMENT = re.compile(r"(^|[ \t])#.*$", re.MULTILINE)
_TRUE = frozenset({"true", "yes", "on", "y"})
_PORT = re.compile(r"(?:.*:)?(?P<port>\d+)(?:/\w+)?")


@dataclass(frozen=True, slots=True)
class ComposeService:
    """One service, of all files that say something of it; paths are relative to the project.

    `context` and `dockerfile` are None where nothing is built here. `asks` is the place of a health check,
    None without one; `silenced` where that of the image is switched off. `ports` are those inside the
    container, `sets` the variables that it gives the service.
    """

    name: str
    place: Location
    image: str | None = None
    context: str | None = None
    dockerfile: str | None = None
    asks: Location | None = None
    silenced: Location | None = None
    ports: Mapping[int, Location] = field(default_factory=dict)
    sets: Mapping[str, Location] = field(default_factory=dict)
    env_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComposeReference:
    """`${name}` in a file; `required` where compose refuses to go on without a value."""

    name: str
    path: str
    line: int
    required: bool


@dataclass(frozen=True, slots=True)
class ComposeFile:
    """One file, and the variables that it fills in."""

    path: str
    references: tuple[ComposeReference, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """Files that compose takes as one, in their order, and the services that they are together.

    `said` is where somebody names them, None where compose takes them by itself or nobody names them.
    `starts` is False where only images are built, or one command is run in a container.
    """

    files: tuple[str, ...]
    services: tuple[ComposeService, ...]
    said: Location | None = None
    starts: bool = True

    @property
    def name(self) -> str:
        """The files as people read them."""
        return " + ".join(self.files)


@dataclass(frozen=True, slots=True)
class ComposeFiles:
    """All files of a project, the nearest to its root first, and each composition that is run of them.

    `doubts` tell by path what could not be read; `open_calls` which commands compose what nobody can tell.
    """

    files: tuple[ComposeFile, ...]
    compositions: tuple[Composition, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)
    open_calls: tuple[str, ...] = ()

    def building(self, dockerfile: str) -> tuple[tuple[Composition, tuple[ComposeService, ...]], ...]:
        """Each composition with services that are built by that Dockerfile, and those."""
        found = (
            (every, tuple(one for one in every.services if one.dockerfile == dockerfile))
            for every in self.compositions
        )
        return tuple((every, services) for every, services in found if services)

    def built_by(self, dockerfile: str) -> tuple[ComposeService, ...]:
        """The services that are built by that Dockerfile, those of each composition, alike ones once."""
        found: list[ComposeService] = []
        for _, services in self.building(dockerfile):
            found += [one for one in services if one not in found]
        return tuple(found)


def is_compose(path: str) -> bool:
    """Whether a file of this name is one."""
    return _NAME.fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class ComposeText:
    """One file before others are laid over it; `others` are the files that it includes or extends.

    It `replaces` all services below it; each of `includes` are files that it includes as one.
    """

    path: str
    services: Services
    references: tuple[ComposeReference, ...]
    others: tuple[str, ...] = ()
    doubt: str = ""
    replaces: bool = False
    includes: tuple[tuple[str, ...], ...] = ()


def parse_compose(path: str, data: bytes) -> ComposeText:
    """What stands in the file; `doubt` says what it includes that nobody can tell before compose runs.

    Raises:
        Unavailable: it is too large, not UTF-8, not YAML, or holds no services; with the line.

    """
    if len(data) > LIMIT_BYTES:
        raise Unavailable(f"{path}: has {len(data)} bytes; more than {LIMIT_BYTES} are not read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unavailable(f"{path}: is not UTF-8 (byte {error.start})") from error
    tree = read_tree(path, text)
    said, included = (tree.table or {}).get("services"), tree.get("include")
    services, replaces = tree.get("services"), said is not None and said.tag in (RESET, OVERRIDE)
    if included is None and not replaces and (services is None or services.table is None):
        raise Unavailable(f"{path}: has no table of services")
    table = (services.table if services is not None else None) or {}
    known = {name: part for name, part in table.items() if part.table is not None or part.tag == RESET}
    named = [*_included(included), *_extended(known.values(), path)]
    doubts = [f"{place}: {word} is not known before compose runs" for place, word, file in named if not file]
    others = tuple(dict.fromkeys(file for _, _, file in named if file and file != path))
    references, includes = tuple(_references(path, text)), tuple(_together(included))
    return ComposeText(path, known, references, others, next(iter(doubts), ""), replaces, includes)


def _together(part: Part | None) -> Iterator[tuple[str, ...]]:
    """The files of each include, those that it names as one together."""
    for one in (part.items or ()) if part is not None else ():
        said = one.get("path") or one
        words = said.items if said.items is not None else (said,)
        files = [beside(word.place.path, word.text) for word in words if word.text]
        yield tuple(file for file in files if file)


def _included(part: Part | None) -> Iterator[tuple[Location, str, str | None]]:
    """Place and word of each file that is included, and what file that is."""
    for one in (part.items or ()) if part is not None else ():
        said = one.get("path") or one
        for word in said.items if said.items is not None else (said,):
            if word.text:
                yield word.place, word.text, beside(word.place.path, word.text)


def _extended(parts: Iterable[Part], path: str) -> Iterator[tuple[Location, str, str | None]]:
    for part in parts:
        said = part.get("extends")
        if said is not None and (file := said.said("file")) and extended_file(said) != path:
            yield said.place, file, extended_file(said)


def service_of(name: str, part: Part, stands: Mapping[str, str]) -> ComposeService:
    """The service; what a file names lies beside the one that `stands` for it, else beside itself."""
    build, env = part.get("build"), part.get("env_file")
    context, dockerfile = _built(build, stands)
    return ComposeService(
        name=name,
        place=part.named,
        image=part.said("image") or None,
        context=context,
        dockerfile=dockerfile,
        asks=_asks(part.get("healthcheck")),
        silenced=_silenced(part.get("healthcheck")),
        ports=dict(_ports(part.get("ports"))),
        sets=dict(_sets(part.get("environment"))),
        env_files=tuple(_env_files(env, stands)),
    )


def _near(part: Part, name: str, stands: Mapping[str, str]) -> str | None:
    return beside(stands.get(part.place.path, part.place.path), name)


def _built(part: Part | None, stands: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The context and the Dockerfile; neither where they are an address or made by a variable."""
    if part is None or not (part.text or part.table) or part.get("dockerfile_inline") is not None:
        return None, None
    said = part.get("context") or part
    root = _near(said, said.text or ".", stands)
    name = part.said("dockerfile") or "Dockerfile"
    file = beside(f"{root}/Dockerfile", name) if root is not None else None
    return (None, None) if file is None else (root, file)


def _asks(part: Part | None) -> Location | None:
    test = part.get("test") if part is not None else None
    return None if test is None or _silenced(part) is not None else test.place


def _silenced(part: Part | None) -> Location | None:
    if part is None:
        return None
    test, disable = part.get("test"), part.get("disable")
    if disable is not None and (disable.text or "").lower() in _TRUE:
        return disable.place
    if test is None:
        return None
    # As a plain text it would be a command of a shell.
    return test.place if [one.text for one in test.items or ()][:1] == ["NONE"] else None


def _ports(part: Part | None) -> Iterator[tuple[int, Location]]:
    for one in (part.items or ()) if part is not None else ():
        if hit := _PORT.fullmatch(one.text or one.said("target")):
            yield int(hit["port"]), one.place


def _sets(part: Part | None) -> Iterator[tuple[str, Location]]:
    for one in (part.items or ()) if part is not None else ():
        if name := (one.text or "").partition("=")[0].strip():
            yield name, one.place
    for key, value in ((part.table or {}) if part is not None else {}).items():
        yield key, value.named


def _env_files(part: Part | None, stands: Mapping[str, str]) -> Iterator[str]:
    for one in () if part is None else part.items if part.items is not None else (part,):
        word = one.get("path") or one
        if word.text and (found := _near(word, word.text, stands)):
            yield found


def _references(path: str, text: str) -> Iterator[ComposeReference]:
    """In all of the file but its comments: compose fills them in before it reads any of it."""
    code = _COMMENT.sub("", text)
    for hit in _REFERENCE.finditer(code):
        if name := hit["plain"] or hit["name"]:
            line = code.count("\n", 0, hit.start()) + 1
            yield ComposeReference(name, path, line, (hit["form"] or "").endswith("?"))
