"""What compose files say of the services that are built here and of the variables that they fill in.

Source: the Compose Specification. Files are laid over others in the order of COMPOSE_FILE, or of an include
of several; else the override file that compose reads by itself over the file beside it. A service is laid
over the one that it extends. Any other file is read for itself.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location
from hotelctl.facts.compose_merge import Services, beside, extended, extended_file, merged, overridden
from hotelctl.facts.compose_tree import OVERRIDE, RESET, Part, read_tree
from hotelctl.facts.found.place import nearest

PATTERNS = ("*compose*.yml", "*compose*.yaml")
"""What git is asked for; not every such file is one."""

LIMIT_BYTES = 500_000
"""Larger files are not read: people did not write them."""

_NAME = re.compile(r"(.*/)?(docker-)?compose([.-][\w.-]+)?\.ya?ml")
_REFERENCE = re.compile(
    r"\$(?:\$|(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?P<form>:?[-?+])?(?P<word>[^{}]*)\})"
)
_COMMENT = re.compile(r"(^|[ \t])#.*$", re.MULTILINE)
_PORT = re.compile(r"(?:.*:)?(?P<port>\d+)(?:/\w+)?")
# In each directory compose takes the first of these and lays the first of the others over it.
_FIRST = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVER = tuple(f"{stem}.override.{end}" for stem in ("compose", "docker-compose") for end in ("yml", "yaml"))


@dataclass(frozen=True, slots=True)
class ComposeService:
    """One service, of all files that say something of it; paths are relative to the project.

    `context` and `dockerfile` are None where nothing is built here. `asks` is the place of a health check,
    None without one. `ports` are those inside the container, `sets` the variables that it gives the service.
    """

    name: str
    place: Location
    image: str | None = None
    context: str | None = None
    dockerfile: str | None = None
    asks: Location | None = None
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
    """What one file says; services of an override file are with the file that it overrides."""

    path: str
    services: tuple[ComposeService, ...]
    references: tuple[ComposeReference, ...]


@dataclass(frozen=True, slots=True)
class ComposeFiles:
    """All files of a project, the nearest to its root first; `doubts` tell by path what could not be read."""

    files: tuple[ComposeFile, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)

    def built_by(self, dockerfile: str) -> tuple[ComposeService, ...]:
        """The services that are built by that Dockerfile."""
        return tuple(one for file in self.files for one in file.services if one.dockerfile == dockerfile)


def is_compose(path: str) -> bool:
    """Whether a file of this name is one."""
    return _NAME.fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class ComposeText:
    """One file before others are laid over it; `others` are the files that it includes or extends.

    It `replaces` all services below it; each of `orders` are files that it includes as one.
    """

    path: str
    services: Services
    references: tuple[ComposeReference, ...]
    others: tuple[str, ...] = ()
    doubt: str = ""
    replaces: bool = False
    orders: tuple[tuple[str, ...], ...] = ()


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
    references, orders = tuple(_references(path, text)), tuple(_together(included))
    return ComposeText(path, known, references, others, next(iter(doubts), ""), replaces, orders)


def compose_of(
    texts: Mapping[str, ComposeText], doubts: Mapping[str, str], orders: Iterable[tuple[str, ...]] = ()
) -> ComposeFiles:
    """All files together; `doubts` say by path why another one could not be read.

    Each of `orders` are files that somebody names to compose as one, the later laid over the earlier.
    """
    troubles = {path: text.doubt for path, text in texts.items() if text.doubt} | dict(doubts)
    for path, text in texts.items():
        if lost := [one for one in text.others if one not in texts]:
            troubles.setdefault(path, f"{path}: needs {doubts.get(lost[0], lost[0])}, which was not read")
    whole = {path: _whole(text, texts, troubles) for path, text in texts.items()}
    over = _laid_over(texts, orders)
    above = {file for rest in over.values() for file in rest}
    found: list[ComposeFile] = []
    for path in sorted(texts, key=nearest):
        parts = whole[path]
        if path in over:
            for other in over[path]:
                parts = overridden(parts, whole[other], all_of_them=texts[other].replaces)
        elif path in above:
            parts = {}
        else:
            parts = _with_builds(parts, whole.get(_base_of(path, texts) or "", {}))
        services = tuple(_service(name, part) for name, part in parts.items() if part.tag != RESET)
        found.append(ComposeFile(path, services, texts[path].references))
    return ComposeFiles(tuple(found), troubles)


def _laid_over(
    texts: Mapping[str, ComposeText], orders: Iterable[tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    """By the first file of each order the others; who names files gets no other one beside them."""
    found: dict[str, tuple[str, ...]] = {}
    for order in (*orders, *(one for text in texts.values() for one in text.orders)):
        known = [path for path in order if path in texts]
        if known:
            found.setdefault(known[0], tuple(known[1:]))
    for path in texts:
        if path not in found and (other := _override_of(path, texts)) is not None:
            found[path] = (other,)
    return found


def _together(part: Part | None) -> Iterator[tuple[str, ...]]:
    """The files of each include that names several."""
    for one in (part.items or ()) if part is not None else ():
        words = (one.get("path") or one).items or ()
        files = [beside(word.place.path, word.text or "") for word in words]
        if len(files) > 1:
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


def _whole(text: ComposeText, texts: Mapping[str, ComposeText], doubts: dict[str, str]) -> Services:
    """Its services over what they extend; what cannot be had is a doubt of the file."""

    def services(path: str) -> Services:
        if path not in texts:
            raise Unavailable(doubts.get(path, "it was not read").removeprefix(f"{path}: "))
        return texts[path].services

    found: dict[str, Part] = {}
    for name, part in text.services.items():
        try:
            found[name] = extended(name, text.path, services)
        except Unavailable as trouble:
            doubts.setdefault(text.path, trouble.reason)
            found[name] = part
    return found


def _in(directory: str, names: Iterable[str], texts: Mapping[str, ComposeText]) -> str | None:
    return next((path for name in names if (path := posixpath.join(directory, name)) in texts), None)


def _override_of(path: str, texts: Mapping[str, ComposeText]) -> str | None:
    """The file that compose lays over this one by itself."""
    directory = posixpath.dirname(path)
    return _in(directory, _OVER, texts) if _in(directory, _FIRST, texts) == path else None


def _base_of(path: str, texts: Mapping[str, ComposeText]) -> str | None:
    base = _in(posixpath.dirname(path), _FIRST, texts)
    return base if base != path else None


def _with_builds(parts: Services, base: Services) -> Services:
    """Files as compose.prod.yaml go over another one by -f: what their builds leave out is said there."""
    found = dict(parts)
    for name, part in parts.items():
        build, below = part.get("build"), base[name].get("build") if name in base else None
        if build is not None and below is not None and not build.text and build.get("context") is None:
            found[name] = replace(
                part, table={**(part.table or {}), "build": merged(below, build, ("build",))}
            )
    return found


def _service(name: str, part: Part) -> ComposeService:
    context, dockerfile = _built(part.get("build"))
    return ComposeService(
        name=name,
        place=part.named,
        image=part.said("image") or None,
        context=context,
        dockerfile=dockerfile,
        asks=_asks(part.get("healthcheck")),
        ports=dict(_ports(part.get("ports"))),
        sets=dict(_sets(part.get("environment"))),
        env_files=tuple(_env_files(part.get("env_file"))),
    )


def _built(part: Part | None) -> tuple[str | None, str | None]:
    """The context and the Dockerfile; neither where they are an address or made by a variable."""
    if part is None or not (part.text or part.table) or part.get("dockerfile_inline") is not None:
        return None, None
    said = part.get("context") or part
    root = beside(said.place.path, said.text or ".")
    name = part.said("dockerfile") or "Dockerfile"
    file = beside(f"{root}/Dockerfile", name) if root is not None else None
    return (None, None) if file is None else (root, file)


def _asks(part: Part | None) -> Location | None:
    test = part.get("test") if part is not None else None
    if part is None or test is None or part.said("disable").lower() == "true":
        return None
    words = [one.text for one in test.items] if test.items is not None else [test.text]
    return None if words[:1] == ["NONE"] else test.place


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


def _env_files(part: Part | None) -> Iterator[str]:
    for one in () if part is None else part.items if part.items is not None else (part,):
        word = one.get("path") or one
        if word.text and (found := beside(word.place.path, word.text)):
            yield found


def _references(path: str, text: str) -> Iterator[ComposeReference]:
    """In all of the file but its comments: compose fills them in before it reads any of it."""
    code = _COMMENT.sub("", text)
    for hit in _REFERENCE.finditer(code):
        if name := hit["plain"] or hit["name"]:
            line = code.count("\n", 0, hit.start()) + 1
            yield ComposeReference(name, path, line, (hit["form"] or "").endswith("?"))
