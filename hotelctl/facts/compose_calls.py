"""Who composes which files: the commands of scripts, workflows, build files and the project's front page.

Read line by line, without a shell: `docker compose -f A -f B up`, COMPOSE_FILE as a variable, and variables
that are set to plain words in the same file. Names are looked for where the line's last `cd` or
`working-directory` leads, at the root, beside the script and above it.
"""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import translate

from hotelctl.core.finding import Location
from hotelctl.facts.compose_choice import FIRST, ComposeCall

_CALLERS = """
*.sh *.bash Makefile */Makefile *.mk justfile */justfile Justfile Taskfile.yml Taskfile.yaml package.json
.github/*.yml .github/*.yaml .gitlab-ci.yml .circleci/config.yml Jenkinsfile azure-pipelines.yml
bitbucket-pipelines.yml .drone.yml .woodpecker.yml README.md CONTRIBUTING.md bin/* scripts/*
"""
PATTERNS = tuple(_CALLERS.split())
"""What git is asked for."""

_CALLER = re.compile("|".join(map(translate, PATTERNS)))
_CALL = re.compile(r"(?<![\w-])(?:(?:docker|podman)[ -]compose|docker (?:--?[\w-]+[= ]\S+ )+compose)(?=\s|$)")
_SETTING = re.compile(r"(?<![\w.-])COMPOSE_FILE\s*(?::=|\?=|=|:\s)\s*[\"']?(?P<files>[^\s\"'#;]+)")
_ASSIGNED = re.compile(r"^\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*(?::=|\?=|=|:\s)\s*(?P<value>.*)$")
_VARIABLE = re.compile(r"\$(?:\{\{\s*(?:env\.)?(\w+)\s*\}\}|\{(\w+)\}|\((\w+)\)|(\w+))")
_WORD = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s\"';|&()`]+)|([;|&()`\"'])")
_MOVE = re.compile(
    r"(?:^|[;&\s]|(?P<inside>\(\s*))cd\s+[\"']?(?P<to>[\w./-]+)"
    r"|^\s*working-directory:\s*[\"']?(?P<at>[\w./-]+)"
)
_REMARK = re.compile(r"\s*(?:#|//|<!--)")
_CONTINUED = re.compile(r"\s*(?:-f|--file)[\s=]")
_VALUED = (
    "-p --project-name --env-file --profile --project-directory --ansi --progress --parallel -c --context"
)
_WITH_VALUE = frozenset(_VALUED.split())
_BUILDS = frozenset({"build", "pull", "push", "run"})
_STARTS = frozenset({"up", "start", "create", "restart", "watch", "scale"})
_LOOKS = "config convert cp down events exec images kill logs ls pause port ps rm stats stop top unpause wait"
_ONLY_LOOKS = frozenset(_LOOKS.split())
_FOR_ONE_ANSWER = frozenset({"--exit-code-from", "--abort-on-container-exit"})
_LONGEST_LINE = 4_000


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


@dataclass(slots=True)
class _Said:
    """The words of one command: the files that it names, what it does, and where."""

    files: list[str]
    command: str = ""
    directory: str | None = None
    rest: tuple[str, ...] = ()


def may_compose(path: str) -> bool:
    """Whether a file of this name is one that git is asked for."""
    return _CALLER.match(path) is not None


def calls_in(contents: Mapping[str, bytes | str], files: Collection[str]) -> Iterator[ComposeCall]:
    """The calls in all that could be read, of a project that has these files."""
    for path, what in contents.items():
        if isinstance(what, bytes) and b"compose" in what.lower():
            yield from compose_calls(path, what.decode("utf-8-sig", "replace"), files)


def compose_calls(path: str, text: str, files: Collection[str]) -> tuple[ComposeCall, ...]:
    """The calls in the file `path`, of a project that has these files."""
    lines = list(_lines(text))
    values = {hit["name"]: _plain(hit["value"]) for one in lines if (hit := _ASSIGNED.match(one.text))}
    found: list[ComposeCall] = []
    where = ""
    for line in lines:
        here = where
        for move in _MOVE.finditer(line.text):
            here = posixpath.normpath(posixpath.join(here, move["to"] or move["at"]))
            # In parentheses it holds for these alone.
            where = where if move["inside"] is not None else here
        places = _places(path, here)
        found += _of_line(Location(path, line.number), line.text, values, places, files)
    if any(_SETTING.search(one.text) for one in lines):
        # A command that names none takes what the variable says.
        found = [one for one in found if one.files or one.why]
    return tuple(found)


def _lines(text: str) -> Iterator[_Line]:
    """Lines that a backslash continues are one, and so are those of a folded text that go on with `-f`."""
    held: _Line | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        cut = line[:_LONGEST_LINE].rstrip()
        if _REMARK.match(cut):
            continue
        if held is not None and (held.text.endswith("\\") or _CONTINUED.match(cut)):
            held = replace(held, text=f"{held.text.removesuffix(chr(92)).rstrip()} {cut.strip()}")
            continue
        if held is not None:
            yield held
        held = _Line(number, cut)
    if held is not None:
        yield held


def _plain(value: str) -> str:
    return value.strip().strip("\"'")


def _places(path: str, where: str) -> Sequence[str]:
    own = posixpath.dirname(path)
    return tuple(dict.fromkeys((where if where != "." else "", "", own, posixpath.dirname(own))))


def _of_line(
    place: Location, text: str, values: Mapping[str, str], places: Sequence[str], files: Collection[str]
) -> Iterator[ComposeCall]:
    for hit in _SETTING.finditer(text):
        yield from _found(place, _Said(_filled(hit["files"], values).split(":")), places, files)
    for hit in _CALL.finditer(text):
        said = _read(_filled(text[hit.end() :], values))
        if said.files or said.command:
            yield from _found(place, said, places, files)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda hit: values.get(next(filter(None, hit.groups())), hit[0]), text)


def _read(text: str) -> _Said:
    """The options before the command, and the command where compose has one of that name."""
    words = list(_words(text))
    said = _Said([])
    while words and words[0].startswith("-"):
        name, equals, value = _option(words.pop(0))
        if name in ("-f", "--file") or name in _WITH_VALUE:
            value = value if equals else (words.pop(0) if words else "")
        if name in ("-f", "--file") and value:
            said.files.append(value)
        elif name == "--project-directory":
            said.directory = value
    if words and words[0] in _BUILDS | _STARTS | _ONLY_LOOKS:
        said.command, said.rest = words[0], tuple(words[1:])
    return said


def _option(word: str) -> tuple[str, str, str]:
    """Its name, what stands between, and its value, which may follow a short name at once."""
    if word.startswith("-f") and len(word) > len("-f="):
        return "-f", "=", word.removeprefix("-f").removeprefix("=")
    name, equals, value = word.partition("=")
    return name, equals, value


def _words(text: str) -> Iterator[str]:
    """Up to what ends the command."""
    for hit in _WORD.finditer(text):
        if hit[4]:
            return
        yield next(word for word in hit.groups()[:3] if word is not None)


def _found(
    place: Location, said: _Said, places: Sequence[str], files: Collection[str]
) -> Iterator[ComposeCall]:
    call = ComposeCall(
        place,
        starts=said.command not in _BUILDS and not _FOR_ONE_ANSWER.intersection(said.rest),
        weak=said.command in _ONLY_LOOKS,
    )
    if not said.files:
        home = next(
            (one for one in places if any(posixpath.join(one, name) in files for name in FIRST)), None
        )
        if home is not None and not call.weak:
            yield replace(call, directory=home)
        return
    if unknown := next((name for name in said.files if "$" in name), None):
        yield replace(call, why=f"which file {unknown} is, is not known before it runs")
        return
    there = max(places, key=lambda one: sum(_at(one, name) in files for name in said.files))
    named = tuple(dict.fromkeys(_at(there, name) for name in said.files))
    if not any(name in files for name in named):
        return
    lost = next((name for name in named if name not in files), None)
    if lost is not None:
        yield replace(call, why=f"it names {lost}, too, which git does not track")
        return
    own = posixpath.dirname(named[0])
    yield replace(call, files=named, directory=own if said.directory is None else _at(there, said.directory))


def _at(directory: str, name: str) -> str:
    found = posixpath.normpath(posixpath.join(directory, name))
    return "" if found == "." else found
