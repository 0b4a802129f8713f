"""What is sent to the engine: .dockerignore by its rules, and which private files get through."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from e2b_dockerfile_utils import PatternMatcher

from hotelctl.core.errors import Unavailable
from hotelctl.facts.git_files import looks_like_env_file
from hotelctl.facts.starry_pattern import FEW_STARS, compiled, stars

_LONGEST_PATH = 4_096
# Letters of all patterns with many stars: those of people have few.
_MOST_STARRY = 4_096
_KEYS = re.compile(
    r"(?i)(id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|key|p12|pfx|jks|keystore|ppk)"
    r"|\.(netrc|pgpass|npmrc|pypirc|git-credentials)"
    r"|credentials\.json|service[-_]account.*\.json|kubeconfig)"
)
_PUBLIC = re.compile(
    r"(?i)(pub(lic)?|ca|cert|chain|fullchain|dhparams?)([-_.].*)?\.(pem|key)|.*[-_.](pub|cert|ca|chain)\.pem"
)


class _Matcher(PatternMatcher):
    """The same, but no pattern takes longer than its length times that of the path."""

    def __init__(self, patterns: list[str]) -> None:
        super().__init__(patterns)
        for one, said in zip(self._patterns, self.patterns, strict=True):
            if stars(said) > FEW_STARS:
                one.match = compiled(said.removeprefix("!"))


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """One .dockerignore; `path` None stands for none, and then everything is sent.

    `root` is the directory that is sent, relative to the project.
    """

    path: str | None
    matcher: PatternMatcher
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    root: str = "."

    def sent(self, name: str) -> bool:
        """Whether the file of this name, relative to the context, reaches the engine."""
        return not self.matcher.matches(name)

    def may_hold_sent(self, directory: str) -> bool:
        """Whether something below the directory can reach the engine."""
        return self.sent(directory) or self.matcher.may_match_under(directory)


def read_ignore(path: str | None, data: bytes = b"", root: str = ".") -> IgnoreRules:
    """The rules in `data` for the context `root`.

    Raises:
        Unavailable: it is not UTF-8, or a pattern is refused by the engine or longer than a path, or too many
            have many stars.

    """
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise Unavailable(f"{path}: is not UTF-8") from error
    if long := [n for n, line in enumerate(lines, start=1) if len(line) > _LONGEST_PATH]:
        raise Unavailable(f"{path}:{long[0]}: is longer than a path may be, so it was not read")
    numbered = {line.strip(): n for n, line in enumerate(lines, start=1)}
    left = _MOST_STARRY
    for n, line in enumerate(lines, start=1):
        left -= len(line) if stars(line) > FEW_STARS and not line.startswith("#") else 0
        if left < 0:
            raise Unavailable(f"{path}:{n}: here are more patterns with many stars than anybody writes")
    try:
        return IgnoreRules(path, _Matcher(lines), numbered, root)
    except ValueError as error:
        raise Unavailable(f"{path}: {error}") from error


@dataclass(frozen=True, slots=True)
class PrivateFile:
    """A path, relative to the context, that nobody but its owner should see; `kind` says what it is.

    `is_tracked` tells whether git has it, and so an export of the commit, too; None where nobody asked.
    """

    name: str
    kind: str
    is_there: bool = True
    is_tracked: bool | None = None


@dataclass(frozen=True, slots=True)
class SentFiles:
    """What reaches the engine for one Dockerfile."""

    dockerfile: str
    ignore: IgnoreRules
    private: tuple[PrivateFile, ...]


@dataclass(frozen=True, slots=True)
class BuildContexts:
    """One entry a Dockerfile, by its path."""

    sent: Mapping[str, SentFiles]
    doubts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


HISTORY = "the git history"


def private_kind(name: str, example: str | None = None) -> str | None:
    """What makes a path private: an env file, a key, the history; None when nothing does."""
    base = name.rpartition("/")[2]
    if name == ".git" or name.endswith("/.git"):
        return HISTORY
    if looks_like_env_file(name, example):
        return "an env file"
    if _KEYS.fullmatch(base) and not _PUBLIC.fullmatch(base):
        return "a key"
    return None


def private_files(
    names: Iterable[str], declared: Iterable[str], rules: IgnoreRules, example: str | None = None
) -> tuple[PrivateFile, ...]:
    """The private ones that are sent, of the names that are there and of those that the service reads."""
    found = {one.name: one for one in _found(names, declared, example) if rules.sent(one.name)}
    return tuple(found[name] for name in sorted(found))


def _found(names: Iterable[str], declared: Iterable[str], example: str | None) -> Iterator[PrivateFile]:
    there = tuple(names)
    yield from (PrivateFile(name, "an env file", is_there=False) for name in declared if name not in there)
    yield from (PrivateFile(name, kind) for name in there if (kind := private_kind(name, example)))
