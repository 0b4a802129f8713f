"""Which package installs of a RUN do not come from a lock; answers in words, None when one does."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from hotelctl.facts.shell_words import SimpleCommand

# What installs the others: it may be brought up to date, and as a tool it is enough to name its version.
_INSTALLERS = frozenset({"pip", "setuptools", "wheel"})
_TOOLS = frozenset({"poetry", "pipenv", "pdm", "uv", "hatch", "build"})
_TAKE_A_VALUE = """
-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target --prefix --root
--platform --python-version --cache-dir --trusted-host --python -p --no-binary --only-binary
"""
_VALUED = frozenset(_TAKE_A_VALUE.split())


@dataclass(frozen=True, slots=True)
class OpenInstall:
    """One install that is free to choose versions; `only_below` when just what it brings along is free."""

    words: str
    why: str
    fix: str
    only_below: bool = False


def open_installs(
    commands: Sequence[SimpleCommand], pinned: Collection[str], variables: Mapping[str, str]
) -> Iterator[OpenInstall]:
    """One entry a command; `pinned`: base names of requirement files that give each package one version."""
    frozen = {"BUNDLE_FROZEN", "BUNDLE_DEPLOYMENT"} & {name for name, value in variables.items() if value}
    frozen |= {"set" for one in commands if one.program == "bundle" and "config" in one.words}
    for one in commands:
        words = _unwrapped(one.words)
        judge = _JUDGES.get(words[0].rpartition("/")[2])
        if re.fullmatch(r"pip[\d.]*", words[0].rpartition("/")[2]):
            judge = lambda rest: _pip(rest, pinned)  # noqa: E731 - the one judge that needs the files
        elif words[:2] == ("uv", "pip"):
            words, judge = words[1:], lambda rest: _pip(rest, pinned)
        if words[0] == "bundle" and frozen:
            continue
        if judge is not None and (found := judge(words[1:])) is not None:
            why, fix, *below = found
            yield OpenInstall(" ".join(words), str(why), str(fix), bool(below))


def _unwrapped(words: tuple[str, ...]) -> tuple[str, ...]:
    """`python -m pip` and `corepack yarn` are what they call."""
    if re.fullmatch(r"(.*/)?python[\d.]*", words[0]) and words[1:2] == ("-m",) and words[2:]:
        return words[2:]
    return words[1:] if words[0] == "corepack" and words[1:2] in (("yarn",), ("pnpm",), ("npm",)) else words


Answer = tuple[str, str] | tuple[str, str, bool] | None


def _pip(rest: tuple[str, ...], pinned: Collection[str]) -> Answer:
    if rest[:1] == ("sync",):
        return None
    if "install" not in rest:
        return None
    rest = rest[rest.index("install") + 1 :]
    if "--require-hashes" in rest or "--no-deps" in rest:
        return None
    files = [path.rpartition("/")[2] for path in _values(rest, "-r", "--requirement")]
    held = [path.rpartition("/")[2] for path in _values(rest, "-c", "--constraint")]
    if open_files := [name for name in files if name not in pinned]:
        return f"{open_files[0]} does not name one version of each package", _PIP_FIX
    if held and all(name in pinned for name in held):
        return None
    return _named_packages(_plain(rest))


_PIP_FIX = "pip install --require-hashes -r requirements.txt"


def _named_packages(names: Sequence[str]) -> Answer:
    wanted = [name for name in names if re.split(r"[\[=<>~!;@ ]", name)[0].lower() not in _INSTALLERS]
    free = [name for name in wanted if not re.search(r"===?[^*]+$|#sha256=", name)]
    if free:
        return f"{free[0]} has no version here", _PIP_FIX
    if [name for name in wanted if re.split(r"[\[=]", name)[0].lower() not in _TOOLS]:
        return "what the named versions bring along is free", _PIP_FIX, True
    return None


def _values(rest: Sequence[str], short: str, long: str) -> Iterator[str]:
    for n, word in enumerate(rest):
        if word in (short, long) and n + 1 < len(rest):
            yield rest[n + 1]
        elif word.startswith(f"{long}="):
            yield word.partition("=")[2]
        elif word.startswith(short) and not word.startswith("--") and word != short:
            yield word.removeprefix(short)


def _plain(rest: Sequence[str]) -> tuple[str, ...]:
    """The words that are neither options nor their values."""
    found, skip = [], False
    for word in rest:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in _VALUED
        else:
            found.append(word)
    return tuple(found)


def _npm(rest: tuple[str, ...]) -> Answer:
    words = _plain(rest)
    if words[:1] not in (("install",), ("i",), ("add",), ("update",)):
        return None
    if _for_all(rest, words):
        return _tools("npm install -g", words[1:])
    return "npm install may choose other versions than the lock", "npm ci"


def _for_all(rest: Sequence[str], words: Sequence[str]) -> bool:
    """Whether programs are installed for the whole image, beside any lock."""
    return bool({"-g", "--global"} & set(rest) and words[1:])


def _tools(command: str, words: Sequence[str]) -> Answer:
    free = [word for word in words if not _has_npm_version(word)]
    return (f"{free[0]} has no version here", f"{command} {free[0]}@VERSION") if free else None


def _has_npm_version(word: str) -> bool:
    return re.search(r".@(v?\d|\$)", word) is not None


def _yarn(rest: tuple[str, ...]) -> Answer:
    words = _plain(rest)
    if words and words[0] not in ("install", "add", "upgrade"):
        return None
    if {"--frozen-lockfile", "--immutable"} & set(rest) and words[:1] != ("add",):
        return None
    if {"--version", "-v", "--help"} & set(rest):
        return None
    return "yarn may change its lock", "yarn install --immutable"


def _pnpm(rest: tuple[str, ...]) -> Answer:
    words = _plain(rest)
    if words[:1] not in (("install",), ("i",), ("add",), ("update",)):
        return None
    if words[0] in ("install", "i") and "--frozen-lockfile" in rest:
        return None
    if _for_all(rest, words):
        return _tools("pnpm add -g", words[1:])
    return "pnpm may change its lock", "pnpm install --frozen-lockfile"


def _first(
    *wrong: str, unless: tuple[str, ...] = (), why: str, fix: str
) -> Callable[[tuple[str, ...]], Answer]:
    """A judge of a program whose first word, one of `wrong`, decides unless an option is given."""

    def judge(rest: tuple[str, ...]) -> Answer:
        return (why, fix) if rest[:1] and rest[0] in wrong and not set(unless) & set(rest) else None

    return judge


def _go(rest: tuple[str, ...]) -> Answer:
    words = _plain(rest)
    if words[:1] == ("get",) or (words[:1] == ("install",) and any(w.endswith("@latest") for w in words)):
        return "go takes the newest version", "go install MODULE@VERSION, or go mod download"
    return None


def _gem(rest: tuple[str, ...]) -> Answer:
    named = {"-v", "--version"} & set(rest) or any(re.search(r":\d", word) for word in rest)
    return (
        ("gem takes the newest version", "bundle install") if rest[:1] == ("install",) and not named else None
    )


_JUDGES: Mapping[str, Callable[[tuple[str, ...]], Answer]] = MappingProxyType(
    {
        "npm": _npm,
        "yarn": _yarn,
        "pnpm": _pnpm,
        "go": _go,
        "gem": _gem,
        "bundle": _first(
            "install", "update", unless=("--frozen", "--deployment"), why="bundle may change its lock",
            fix="ENV BUNDLE_FROZEN=true",
        ),
        "poetry": _first(
            "add", "update", "lock", why="poetry chooses versions anew", fix="poetry install --only main"
        ),
        "pipenv": _first(
            "install", "update", unless=("--deploy", "--ignore-pipfile"), why="pipenv may change its lock",
            fix="pipenv sync",
        ),
        "pdm": _first(
            "add", "update", "install", unless=("--frozen-lockfile",), why="pdm may change its lock",
            fix="pdm sync --prod",
        ),
        "uv": _first("sync", "add", unless=("--frozen", "--locked"), why="uv may change its lock",
            fix="uv sync --locked"),
        "composer": _first(
            "update", "require", why="composer chooses versions anew", fix="composer install --no-dev"
        ),
        "cargo": _first(
            "install", unless=("--locked",), why="cargo chooses versions anew", fix="cargo install --locked"
        ),
    }
)  # fmt: skip
