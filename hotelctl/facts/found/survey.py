"""Everything that was found in one project."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hotelctl.core.errors import Unavailable
from hotelctl.facts.code_reads import CodeReads
from hotelctl.facts.code_scan import SCANNED, UNDERSTOOD, is_source, scanned
from hotelctl.facts.compose import ComposeFiles, ComposeText, is_compose, parse_compose
from hotelctl.facts.compose_calls import calls_in, may_compose
from hotelctl.facts.composition import compose_of
from hotelctl.facts.found.migrations import LOCK, MigrationDirectory, migration_directories
from hotelctl.facts.found.names import NamedFiles, by_name
from hotelctl.facts.found.node_project import FILE, NodeProject, node_project
from hotelctl.facts.found.place import Found
from hotelctl.facts.found.python_project import PythonProject, is_python_file, python_project
from hotelctl.facts.found.routes import Route, health_routes


@dataclass(frozen=True, slots=True)
class Survey:
    """`doubts` tell by path what could not be read, and why; `examples` are the texts of the env examples."""

    directory: str
    files: NamedFiles
    python: PythonProject | None
    node: NodeProject | None
    migrations: tuple[MigrationDirectory, ...]
    routes: tuple[Route, ...]
    reads: CodeReads
    compose: ComposeFiles
    examples: Mapping[str, str]
    doubts: Mapping[str, str]

    @property
    def name(self) -> Found:
        """What the project calls itself, else the name of its directory."""
        said = [one.name for one in (self.python, self.node) if one and one.name]
        return said[0] if said else Found(self.directory, "the directory's name")

    @property
    def version_file(self) -> Found | None:
        """Where the project's version stands."""
        python = self.python.version_file if self.python else None
        return python or (self.node.version if self.node else None)


def worth_reading(path: str) -> bool:
    """Whether `survey` looks into a file of this name."""
    return may_compose(path) or _tells(path)


def _tells(path: str) -> bool:
    """Whether the file tells of the project itself, not only who composes what."""
    source = path.endswith(SCANNED) and is_source(path)
    own = (
        path.endswith(".sql")
        or path.rpartition("/")[2] in (FILE, LOCK)
        or is_compose(path)
        or is_python_file(path)
    )
    return source or own or path in by_name((path,)).examples


def survey(directory: str, names: Iterable[str], contents: Mapping[str, bytes | str]) -> Survey:
    """What names and contents tell; `contents` has words instead of bytes for what could not be read."""
    every = tuple(names)
    files = by_name(every)
    told = {path: what for path, what in contents.items() if _tells(path)}
    doubts = {path: what for path, what in told.items() if isinstance(what, str)}
    texts = {path: text for path, what in told.items() if (text := _text(path, what, doubts)) is not None}
    sources = {p: what for p, what in contents.items() if p.endswith(SCANNED) and is_source(p)}
    code = {path: text for path, text in texts.items() if path in sources and path.endswith(UNDERSTOOD)}
    return Survey(
        directory=directory,
        files=files,
        python=python_project(texts, doubts),
        node=node_project(texts, doubts),
        migrations=migration_directories(every, texts),
        routes=health_routes(code),
        reads=scanned(sources),
        compose=_compose(every, contents, doubts),
        examples={path: texts[path] for path in files.examples if path in texts},
        doubts=doubts,
    )


def _compose(
    names: Sequence[str], contents: Mapping[str, bytes | str], doubts: dict[str, str]
) -> ComposeFiles:
    read: dict[str, ComposeText] = {}
    calls = tuple(calls_in(contents, frozenset(names)))
    for path in dict.fromkeys((*filter(is_compose, names), *(one for call in calls for one in call.files))):
        what = contents.get(path)
        try:
            if isinstance(what, bytes):
                read[path] = parse_compose(path, what)
        except Unavailable as trouble:
            doubts.setdefault(path, trouble.reason.removeprefix(f"{path}: "))
    return compose_of(read, {}, calls)


def _text(path: str, what: bytes | str, doubts: dict[str, str]) -> str | None:
    if isinstance(what, str):
        return None
    try:
        return what.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        doubts[path] = f"is not UTF-8 (byte {error.start})"
        return None
