"""What a compose file says of the services that are built here and of the variables that it fills in.

Source: the Compose Specification. Files that override others are read each for itself.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from hotelctl.core.errors import Unavailable

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
_MERGE = "<<"
_DEEPEST_MERGE = 20
_Pairs = dict[str, tuple[yaml.Node, yaml.Node]]


@dataclass(frozen=True, slots=True)
class ComposeService:
    """One service of one file; paths are relative to the project, `line` is that of its name.

    `context` and `dockerfile` are None where nothing is built here. `asks` is the line of a health check,
    None without one. `ports` are those inside the container, by their lines; `sets` the variables that it
    gives the service, by their lines.
    """

    name: str
    path: str
    line: int
    image: str | None = None
    context: str | None = None
    dockerfile: str | None = None
    asks: int | None = None
    ports: Mapping[int, int] = field(default_factory=dict)
    sets: Mapping[str, int] = field(default_factory=dict)
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
    """All that one file says."""

    path: str
    services: tuple[ComposeService, ...]
    references: tuple[ComposeReference, ...]


@dataclass(frozen=True, slots=True)
class ComposeFiles:
    """All files of a project, the nearest to its root first; `doubts` tell by path why one was not read."""

    files: tuple[ComposeFile, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)

    def built_by(self, dockerfile: str) -> tuple[ComposeService, ...]:
        """The services that are built by that Dockerfile."""
        return tuple(one for file in self.files for one in file.services if one.dockerfile == dockerfile)


def is_compose(path: str) -> bool:
    """Whether a file of this name is one."""
    return _NAME.fullmatch(path) is not None


def read_compose(path: str, data: bytes) -> ComposeFile:
    """What stands in the file.

    Raises:
        Unavailable: it is too large, not UTF-8, not YAML, or holds no services; with the line.

    """
    if len(data) > LIMIT_BYTES:
        raise Unavailable(f"{path}: has {len(data)} bytes; more than {LIMIT_BYTES} are not read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unavailable(f"{path}: is not UTF-8 (byte {error.start})") from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)  # type: ignore[no-untyped-call]
    except yaml.MarkedYAMLError as error:
        place = f"{path}:{error.problem_mark.line + 1}" if error.problem_mark else path
        raise Unavailable(f"{place}: is not YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unavailable(f"{path}: is not YAML that can be read ({type(error).__name__})") from error
    services = tuple(_services(path, _mapping(root).get("services")))
    return ComposeFile(path, services, tuple(_references(path, text)))


def _services(path: str, node: yaml.Node | None) -> Iterator[ComposeService]:
    if not isinstance(node, yaml.MappingNode):
        raise Unavailable(f"{path}: has no table of services")
    for key, value in _pairs(node):
        if isinstance(value, yaml.MappingNode):
            yield _service(path, key, value)


def _service(path: str, name: yaml.Node, node: yaml.MappingNode) -> ComposeService:
    said = _mapping(node)
    context, dockerfile = _built(path, said.get("build"))
    return ComposeService(
        name=str(name.value),
        path=path,
        line=_line(name),
        image=_text(said.get("image")),
        context=context,
        dockerfile=dockerfile,
        asks=_asks(said.get("healthcheck")),
        ports=dict(_ports(said.get("ports"))),
        sets=dict(_sets(said.get("environment"))),
        env_files=tuple(_env_files(path, said.get("env_file"))),
    )


def _built(path: str, node: yaml.Node | None) -> tuple[str | None, str | None]:
    """The context and the Dockerfile; neither where they are an address or made by a variable."""
    said = _mapping(node)
    context = _text(node) or _text(said.get("context")) or ("." if said else None)
    name = _text(said.get("dockerfile")) or "Dockerfile"
    if context is None or "dockerfile_inline" in said or not (_is_plain(context) and _is_plain(name)):
        return None, None
    root = posixpath.normpath(posixpath.join(posixpath.dirname(path), context))
    file = posixpath.normpath(posixpath.join(root, name))
    return (None, None) if root.startswith("..") or file.startswith("..") else (root, file)


def _is_plain(path: str) -> bool:
    return "$" not in path and "://" not in path and not path.startswith(("/", "git@", "~"))


def _asks(node: yaml.Node | None) -> int | None:
    said = _mapping(node)
    test = said.get("test")
    words = [_text(one) for one in test.value] if isinstance(test, yaml.SequenceNode) else [_text(test)]
    off = (_text(said.get("disable")) or "").lower() == "true" or words[:1] == ["NONE"]
    return None if test is None or off else _line(test)


def _ports(node: yaml.Node | None) -> Iterator[tuple[int, int]]:
    for one in node.value if isinstance(node, yaml.SequenceNode) else ():
        said = _text(one) or _text(_mapping(one).get("target")) or ""
        if hit := _PORT.fullmatch(said):
            yield int(hit["port"]), _line(one)


def _sets(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            if name := (_text(one) or "").partition("=")[0].strip():
                yield name, _line(one)
    for key, _value in _pairs(node):
        yield str(key.value), _line(key)


def _env_files(path: str, node: yaml.Node | None) -> Iterator[str]:
    several = node.value if isinstance(node, yaml.SequenceNode) else [node]
    for one in several:
        name = _text(one) or _text(_mapping(one).get("path"))
        if name and _is_plain(name):
            found = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if not found.startswith(".."):
                yield found


def _references(path: str, text: str) -> Iterator[ComposeReference]:
    """In all of the file but its comments: compose fills them in before it reads any of it."""
    code = _COMMENT.sub("", text)
    for hit in _REFERENCE.finditer(code):
        if name := hit["plain"] or hit["name"]:
            line = code.count("\n", 0, hit.start()) + 1
            yield ComposeReference(name, path, line, (hit["form"] or "").endswith("?"))


def _mapping(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in _pairs(node)}


def _pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Keys and values, with those of merged mappings that it does not have itself."""
    return iter(_merged(node, {}).values())


def _merged(node: yaml.Node | None, known: dict[int, _Pairs], depth: int = 0) -> _Pairs:
    """Of each mapping they are found out once: of ten that merge ten each there are soon too many ways."""
    if not isinstance(node, yaml.MappingNode) or depth > _DEEPEST_MERGE:
        return {}
    if id(node) not in known:
        # One that merges itself has nothing more by that.
        found = known[id(node)] = {}
        for key, value in node.value:
            if key.value == _MERGE:
                # Of several that are merged the first one wins.
                for one in reversed(value.value) if isinstance(value, yaml.SequenceNode) else (value,):
                    found |= _merged(one, known, depth + 1)
        found |= {str(key.value): (key, value) for key, value in node.value if key.value != _MERGE}
    return known[id(node)]


def _text(node: yaml.Node | None) -> str | None:
    return str(node.value) if isinstance(node, yaml.ScalarNode) and node.value else None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
