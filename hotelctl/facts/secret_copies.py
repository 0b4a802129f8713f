"""Where values that are known to be secret stand in files, as they are or encoded: nothing is guessed."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from ahocorasick_rs import BytesAhoCorasick, Implementation

from hotelctl.core.redact import forms
from hotelctl.core.some_of import some_of
from hotelctl.facts.archives import Opened
from hotelctl.facts.docker_secrets import is_secret_name
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_strength import is_rare

# What is shorter also stands where nobody copied it.
_LEAST = 8
_URL = re.compile(r"(?:jdbc:)?[A-Za-z][A-Za-z0-9+.-]*://[^\s;{}]*")
# Up to the last @: people write it into passwords.
_INSIDE = re.compile(r"://(?P<user>[^/@:]*)(?::(?P<password>.*))?@")
_IN_QUERY = re.compile(r"[?&](?P<name>[^=&#]+)=(?P<value>[^&#]+)")
_PIECE = 12
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class NamedSecret:
    """One value and every name that it has, with the env file in which it has it."""

    names: tuple[str, ...]
    value: Secret


@dataclass(frozen=True, slots=True)
class SecretValues:
    """Values that are long and rare enough to be searched for; `files` hold them, `left` names the others."""

    known: tuple[NamedSecret, ...]
    files: frozenset[str]
    left: tuple[str, ...]

    @classmethod
    def of(cls, found: Iterable[tuple[str, str, str]]) -> "SecretValues":
        """Of file, name and value; the file is empty for what comes from none."""
        names: dict[str, list[str]] = {}
        files, left = set(), []
        for file, name, value in found:
            files.add(file)
            told = f"{name} of {file}" if file else name
            searched = [one for one in secrets_in(value) if len(one) >= _LEAST and is_rare(one)]
            left += [] if searched else [told]
            for one in searched:
                names.setdefault(one, []).append(told)
        known = tuple(NamedSecret(tuple(dict.fromkeys(own)), Secret(one)) for one, own in names.items())
        return cls(known, frozenset(files - {""}), tuple(dict.fromkeys(left)))


class _Spelling(NamedTuple):
    """One form of a secret, and how many of its bytes stand before the piece that is looked for."""

    form: bytes
    before: int
    secret: NamedSecret
    encoded: bool


@dataclass(frozen=True, slots=True)
class SecretCopy:
    """One place; `line` counts from 1, `mark` stands for the value, `encoded` where it is not as it is.

    With `named` it stands in the file's name, and `path` ends in its mark.
    """

    names: tuple[str, ...]
    path: str
    line: int
    mark: str
    encoded: bool
    named: bool = False

    @property
    def place(self) -> str:
        """Where in the file."""
        where = "its name" if self.named else f"line {self.line}"
        return f"{where} (encoded)" if self.encoded else where


@dataclass(frozen=True, slots=True)
class SecretCopies:
    """What was found of `values` values in `files` files; `doubts` says by path why others were not read."""

    values: int
    files: int
    copies: tuple[SecretCopy, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Copies:
    """Every place in some files; `doubts` says by path why an archive among them was not opened."""

    found: tuple[SecretCopy, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)


class Search:
    """For every spelling of every secret at once, in one pass, whatever their number.

    Looked for is a piece from the middle of each, which beginnings and ends such as `https://` have in
    common with others less often; then the whole is compared. So the table stays small and the pass quick.
    """

    def __init__(self, secrets: Iterable[NamedSecret]) -> None:
        """Nothing is searched yet."""
        patterns = dict(_patterns(secrets))
        by_piece: dict[bytes, list[_Spelling]] = {}
        for form, (one, encoded) in patterns.items():
            before = max(0, len(form) - _PIECE) // 2
            piece = form[before : before + _PIECE]
            by_piece.setdefault(piece, []).append(_Spelling(form, before, one, encoded))
        self._spellings = list(by_piece.values())
        pieces = BytesAhoCorasick(list(by_piece), implementation=Implementation.DFA) if by_piece else None
        self._found = pieces.find_matches_as_indexes if pieces else None
        self.longest = max(map(len, patterns), default=0)

    def __call__(self, content: bytes) -> Iterator[tuple[NamedSecret, bool, int]]:
        """Each one that stands there, whether encoded, and where it begins."""
        for number, at, _ in self._found(content, overlapping=True) if self._found else ():
            for form, before, one, encoded in self._spellings[number]:
                if at >= before and content.startswith(form, at - before):
                    yield one, encoded, at - before


# Several facts are searched for the same values; to get ready takes longer than to search most of them.
@lru_cache(maxsize=4)
def search_for(known: tuple[NamedSecret, ...]) -> Search:
    """The search for these; several threads may use it at once."""
    return Search(known)


def copies(secrets: Iterable[NamedSecret], files: Mapping[str, bytes], mark: Callable[[str], str]) -> Copies:
    """Each line of each file, and of each member of an archive, in which one of them stands, and each name.

    In the order of the paths; what an archive holds uncompressed is told of the member alone.
    """
    search, opened = search_for(tuple(secrets)), Opened()
    found: list[SecretCopy] = []
    for path, content in sorted(files.items()):
        inside = [
            copy
            for member, data in (opened(path, content) if search.longest else ())
            for copy in _lines(search, member, data, mark)
        ]
        found += _in_name(search, path, mark)
        members = {copy.mark for copy in inside}
        found += [copy for copy in _lines(search, path, content, mark) if copy.mark not in members]
        found += inside
    return Copies(tuple(found), opened.left_out)


def _in_name(search: Search, path: str, mark: Callable[[str], str]) -> Iterable[SecretCopy]:
    name = path.encode("utf-8", "surrogateescape")
    found: dict[NamedSecret, SecretCopy] = {}
    for one, encoded, start in search(name):
        said = mark(one.value.reveal())
        above = name[:start].rpartition(b"/")[0].decode("utf-8", "surrogateescape")
        found.setdefault(
            one, SecretCopy(one.names, f"{above}/{said}".lstrip("/"), 1, said, encoded, named=True)
        )
    return found.values()


def _lines(search: Search, path: str, content: bytes, mark: Callable[[str], str]) -> Iterable[SecretCopy]:
    found: dict[tuple[NamedSecret, int], SecretCopy] = {}
    hits = list(search(content))
    ends = [hit.start() for hit in re.finditer(b"\n", content)] if hits else []
    for one, encoded, start in hits:
        line = bisect_left(ends, start) + 1
        if not encoded or (one, line) not in found:
            found[one, line] = SecretCopy(one.names, path, line, mark(one.value.reveal()), encoded)
    return found.values()


def _patterns(secrets: Iterable[NamedSecret]) -> Iterator[tuple[bytes, tuple[NamedSecret, bool]]]:
    """Every spelling with what it means; the value as it is comes last, and so wins."""
    for one in secrets:
        value = one.value.reveal()
        plain = _however_lines_end(value)
        for form in sorted(forms(value) | plain, key=plain.__contains__):
            if len(form) >= _LEAST:
                for encoding in _ENCODINGS:
                    yield form.encode(encoding, "surrogatepass"), (one, form not in plain)


def _however_lines_end(value: str) -> set[str]:
    """The value; of several lines also with the ends of another system, and without the last one."""
    lines = re.split(r"\r?\n", value.rstrip("\r\n"))
    return {value, "\n".join(lines), "\r\n".join(lines)}


def none_known(values: SecretValues) -> str:
    """Why nothing can be searched for."""
    left = f"; {some_of(values.left)}: too short or too common, see ENV012" if values.left else ""
    return f"no value of a secret is known here that could be searched for{left}"


def secrets_in(value: str) -> tuple[str, ...]:
    """The value; of the URL of a server what lets in: password, token or secret words of its query."""
    if not _URL.fullmatch(value):
        return (value,)
    inside = _INSIDE.search(value)
    parts = [inside["password"] or inside["user"]] if inside else []
    parts += [hit["value"] for hit in _IN_QUERY.finditer(value) if is_secret_name(hit["name"])]
    if not parts and value.startswith(("http://", "https://")):
        return (value,)
    return tuple(dict.fromkeys(form for part in parts for form in (part, unquote(part))))
