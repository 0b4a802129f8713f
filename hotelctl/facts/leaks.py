"""A scanner's search for secrets in files: what it is given, and what its findings mean.

Every scanner's are brought into one shape, that of betterleaks, and judged alike.
"""

import hashlib
import re
import tarfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from hotelctl.core.errors import Unavailable
from hotelctl.facts import leak_rules
from hotelctl.facts.archives import INSIDE, kind
from hotelctl.facts.encoding import as_utf8
from hotelctl.facts.lock_file import is_lock_file
from hotelctl.facts.secret_strength import guesses_log10, is_rare
from hotelctl.facts.test_files import is_test_file
from hotelctl.facts.translation import is_text, is_translation
from hotelctl.facts.unreal_secret import nowhere, unreal
from hotelctl.facts.value_name import name_of, names_no_secret

_INSIDE = "!"
_PLANTED = "planted-by-hotelctl.txt"
_NAMES = "names-by-hotelctl.txt"
_SAMPLE_NAMES = """
docs example examples samples fixtures spec test testdata tests __tests__ __mocks__ __fixtures__ mocks e2e
"""
_SAMPLES = frozenset(_SAMPLE_NAMES.split())

_TRIED_LOG10 = 4.5
# What is called as an archive and is none a scanner fails to open, wherever the end stands in the name, and
# is silent, as it is of a name that leads out of the archive: it is given another sign for the dot.
_DOT = "\ue02e"
_ENDS = re.compile(r"\.(?=tar|t?gz|t?bz|t?xz|t?zst|zip|rar|7z|br|lz|sz|zz|zlib)", re.IGNORECASE)
_UP = re.compile(r"(?:(?<=^)|(?<=/))\.\.(?=/|$)")
# A byte of a name that is no text: no answer could repeat it.
_NO_TEXT = {0xDC00 + byte: 0xE000 + byte for byte in range(0x80, 0x100)}
# What a variable, a field or a function is called.
_CODE = re.compile(
    r"^[A-Za-z_]+((\.|->|::|\?\.)[A-Za-z_]+)+$|^[a-z]+(_[a-z]+)+$|^([A-Z]+_)+[A-Z]+$|^[A-Za-z][a-z]+([A-Z][a-z]+)+$"
)
# Of several words, none of which a machine drew; only a password is put together so.
_WORDS = re.compile(r"^[A-Za-z]{1,20}([-./:_][A-Za-z]{1,20})*$")
_PASSWORD = re.compile(r"(?i)pass|pwd|kennwort")
_DIGEST = re.compile(r"^[0-9a-fA-F]{32,128}$|^[A-Za-z0-9+/]{43,86}={1,2}$")
# A file beside the tests, whatever it is written in.
_TEST_NAME = re.compile(r"\.(test|spec)\.[^/]+$")

Item = Mapping[str, Any]
"""One finding, with `rule_id`, `confidence`, and the value, which is kept nowhere."""

Mark = Callable[[str], str]
"""What stands in a secret's place: its length and a short keyed hash."""


@dataclass(frozen=True, slots=True)
class Leak:
    """One value that it takes for a secret, which is not kept: `mark` stands for it.

    `line` counts from 1; `doubt` says why the value may be none, empty for nothing that says so. With `named`
    it stands in the file's name, and `path` has its mark there.
    """

    rule: str
    confidence: str
    path: str
    line: int
    mark: str
    doubt: str = ""
    named: bool = False

    @property
    def place(self) -> str:
        """Where in the file."""
        return "its name" if self.named else f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Leaks:
    """What it found in files; `doubts` says by path why an archive among them was not opened."""

    found: tuple[Leak, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TreeLeaks:
    """What it found in `files` files; `doubts` says by path why another could not be given to it.

    `apart` are directories with a repository of their own, which is not searched.
    """

    argv: tuple[str, ...]
    files: int
    leaks: tuple[Leak, ...]
    doubts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    apart: tuple[str, ...] = ()


def packed(files: Mapping[str, bytes]) -> bytes:
    """A tar archive of `files`, UTF-16 as UTF-8, at its end a secret that nobody uses and that must be found.

    Named one by one, a thousand files take it minutes; and beside a tree it heeds files that hide findings.
    """
    parts: list[bytes] = []
    for name, content in members(files).items():
        parts += (_head(name, len(content)), content, bytes(-len(content) % tarfile.BLOCKSIZE))
    parts.append(bytes(2 * tarfile.BLOCKSIZE))
    parts.append(bytes(-sum(map(len, parts)) % tarfile.RECORDSIZE))
    return b"".join(parts)


def _head(name: str, size: int) -> bytes:
    """The block that names a file; of thousands of plain names the form for any name takes twice as long."""
    info = tarfile.TarInfo(name)
    info.size = size
    is_plain = name.isascii() and len(name) <= tarfile.LENGTH_NAME
    return info.tobuf(tarfile.USTAR_FORMAT if is_plain else tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def members(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """What the archive holds, by the names there."""
    return {
        **{within: as_utf8(files[name]) for within, name in called(files).items()},
        _PLANTED: planted(_PLANTED),
    }


def called(files: Mapping[str, bytes]) -> Mapping[str, str]:
    """By what each is called in the archive its name; no two are called alike."""
    found: dict[str, str] = {}
    for name, content in sorted(files.items()):
        within = _UP.sub(_DOT * 2, name) if ".." in name else name
        within = within if within.isascii() else within.translate(_NO_TEXT)
        within = within if kind(as_utf8(content)) else _ENDS.sub(_DOT, within)
        while within in found or within == _PLANTED:
            within = f"{_DOT}{within}"
        found[within] = name
    return found


def digest(name: str, content: bytes) -> str:
    """What the answer about one file follows from, as 32 hex digits; UTF-16 is searched as UTF-8."""
    told = hashlib.sha256(name.encode("utf-8", "surrogateescape") + b"\0")
    told.update(as_utf8(content))
    return told.hexdigest()[:32]


def state(digests: Iterable[str]) -> str:
    """What the answer about files of these digests follows from."""
    return hashlib.sha256(" ".join(sorted(digests)).encode()).hexdigest()


def together(old: Leaks, same: Collection[str], new: Leaks) -> Leaks:
    """What an earlier search found in files that are the `same`, and a new one in others and all names."""
    lie_there = frozenset(same)
    found = (one for one in old.found if not one.named and not lie_there.isdisjoint(_files(one.path)))
    doubts = {path: why for path, why in old.doubts.items() if not lie_there.isdisjoint(_files(path))}
    return Leaks((*found, *new.found), {**doubts, **new.doubts})


def shown_as(path: str, shown: Mapping[str, str]) -> str:
    """`path`, or that of a member of an archive, as `shown` has the name of the file."""
    whole = next((one for one in _files(path) if one in shown), None)
    return path if whole is None else shown[whole] + path[len(whole) :]


def _files(path: str) -> Iterator[str]:
    """What may be the file: `path` itself, or an archive that it stands in."""
    yield path
    yield from (path[: hit.start()] for hit in re.finditer(re.escape(INSIDE), path))


def planted(name: str) -> bytes:
    """What stands in a planted file of that name."""
    return f"token = {token(name)}\n".encode()


def token(name: str) -> str:
    """In the shape of a GitHub token, and nobody's."""
    return f"ghp_{hashlib.sha256(name.encode()).hexdigest()[:36]}"


def names_file(names: Collection[str]) -> str:
    """What the file is called that holds `names`; none of them is, or it would not be searched."""
    free = _NAMES
    while free in names:
        free = f"_{free}"
    return free


def names_text(names: Iterable[str]) -> bytes:
    """What stands in that file, in the order of `names`."""
    return "".join(f"{' '.join(name.splitlines())}\n" for name in names).encode("utf-8", "surrogateescape")


def expected(archive: str) -> Mapping[str, str]:
    """What must be found in an archive of that name: the value by its path."""
    return {f"{archive}{_INSIDE}{_PLANTED}": token(_PLANTED)}


def leaks(
    archive: str, found: Iterable[Item], mark: Mark, held: Mapping[str, bytes], names: Sequence[str] = ()
) -> tuple[tuple[Leak, ...], Mapping[str, str]]:
    """What was found in the archive `held`, the values replaced at once, and names without keys.

    With `names`, those that stand in a file of their own, also what the form of a key tells in a name itself.
    Such a name is told by itself, as it is shown: nowhere does the path of a finding repeat the key.

    Raises:
        Unavailable: it could not judge.

    """
    inside = f"{archive}{_INSIDE}"
    try:
        own = names_file(names) if names else ""
        by_name = called(held)
        within = [str(one["location"]["path"]).removeprefix(inside) for one in found]
        paths = [by_name.get(path, path) for path in within]
        told = list(zip(paths, found, strict=True))
        plain = [leak_at(path, one, mark) for path, one in told if path != own]
        named = [one for path, item in told if path == own for one in _named(item, names, mark)]
        keys: dict[str, dict[str, str]] = {}
        for leak, value in named:
            keys.setdefault(leak.path, {})[value] = leak.mark
        shown = {name: _without(name, some) for name, some in keys.items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unpromised("the scanner") from error
    every = (*plain, *(replace(leak, line=1, named=True) for leak, _ in named))
    return tuple(replace(one, path=shown_as(one.path, shown)) for one in every), shown


def _named(item: Item, names: Sequence[str], mark: Mark) -> Iterator[tuple[Leak, str]]:
    """What is sure of a name, and the value."""
    leak = leak_at(names[int(item["location"]["start_line"]) - 1], item, mark)
    if leak.confidence == "high":
        yield leak, str(item["match"]["value"])


def _without(name: str, keys: Mapping[str, str]) -> str:
    """The name with marks for its keys. In another spelling one is not shorter, so it has its part whole."""
    for value, mark in keys.items():
        parts = name.split("/")
        spelled = value not in name
        name = "/".join(
            mark if spelled and len(part) >= len(value) else part.replace(value, mark) for part in parts
        )
    return name


def meant(program: str, found: Iterable[Item], expected: Mapping[str, str]) -> list[Item]:
    """Those of the items that are to be told, without the values that were planted, each at its path.

    Raises:
        Unavailable: what was planted is not among them, or one is no item.

    """
    try:
        every = [(at(item), item) for item in found]
        if not {place for place, _ in every}.issuperset(expected.items()):
            raise Unavailable(
                f"{program} did not find a secret that was planted, so its silence means nothing"
            )
        return _once(item for place, item in every if place not in expected.items() and _meant(item))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unpromised(program) from error


def unpromised(program: str) -> Unavailable:
    """Why an answer of another shape says nothing."""
    return Unavailable(f"{program}'s answer is not the JSON that it promises")


def _once(items: Iterable[Item]) -> list[Item]:
    """Without what a place alone says of a value that another rule found there, or another place."""
    sure: list[Item] = []
    guessed: list[Item] = []
    for item in items:
        (guessed if item.get("rule_id") in leak_rules.BESIDE_OTHERS else sure).append(item)
    told = set(map(_where, sure))
    first = {_where(item): item for item in reversed(guessed)}
    return [*sure, *(item for where, item in first.items() if where not in told)]


def _where(item: Item) -> tuple[Any, ...]:
    """The value, its line, and the commit where it stands in one."""
    commit = item.get("attributes", {}).get("git.sha")
    return (*at(item), item["location"].get("start_line"), commit)


def at(item: Item) -> tuple[Any, Any]:
    """Path and value; messages have no path."""
    return item["location"].get("path"), item["match"]["value"]


def leak_at(path: str, item: Item, mark: Mark) -> Leak:
    """One item of its answer. Raises KeyError, TypeError or ValueError for none."""
    value = str(item["match"]["value"])
    confidence = str(item["confidence"]).lower()
    rule, doubt = str(item["rule_id"]), unreal(value) or _tried_first(value)
    samples = _among_samples(path)
    # A rule that knows the form of a key is believed more than words in it, and than where it stands.
    guessed = confidence == "medium" and (doubt or (samples and rule in leak_rules.BY_NAME))
    return Leak(
        rule=rule,
        confidence="low" if guessed or nowhere(value) else confidence,
        path=path,
        line=int(item["location"]["start_line"]) + _lines_before(value, item),
        mark=mark(value),
        doubt=doubt or samples,
    )


def _tried_first(value: str) -> str:
    return "it is among the words that are tried first" if guesses_log10(value) < _TRIED_LOG10 else ""


def _lines_before(value: str, item: Item) -> int:
    """So many lines below that on which a match begins which tells the value by what stands above it."""
    full = str(item["match"].get("full", value)).lstrip("\n")
    return full.count("\n", 0, max(0, full.rfind(value)))


def _meant(item: Item) -> bool:
    """Whether the rule means it: by its place alone no text of a page is a secret.

    What betterleaks leaves out, and a rule of our own finds, is told only where it is rare.
    """
    rule, value = item.get("rule_id"), str(item["match"]["value"])
    path = str(item["location"].get("path")).rpartition(_INSIDE)[2]
    if rule in leak_rules.BY_NAME and is_translation(path) and is_text(value):
        return False
    name = name_of(_before(value, item))
    if rule in leak_rules.BY_NAME | leak_rules.BESIDE_OTHERS and (
        names_no_secret(name) or (is_lock_file(path) and _DIGEST.search(value))
    ):
        return False
    if rule not in leak_rules.OWN:
        return True
    if unreal(value) or _CODE.search(value) or (_WORDS.search(value) and not _PASSWORD.search(name)):
        return False
    return is_rare(value)


def _before(value: str, item: Item) -> str:
    """What stands in front of the value, as far as the answer tells it."""
    text = str(item["match"].get("context") or item["match"].get("full", ""))
    return text[: max(0, text.rfind(value))]


def standing(path: str) -> tuple[object, ...]:
    """Equal for paths at which the same content means the same, for an archive what it holds, too."""
    within = f"{path}/"
    end = path.rpartition("/")[2].partition(".")[2].lower()
    sayings = (_among_samples, is_translation, is_lock_file)
    return (end, *(say(one) for say in sayings for one in (path, within)))


def _among_samples(path: str) -> str:
    directories = re.split(r"[/!]", path.lower())[:-1]
    if is_test_file(path) or _TEST_NAME.search(path) or _SAMPLES.intersection(directories):
        return "it stands among tests, examples or documentation"
    return "it stands among translations" if is_translation(path.replace(_INSIDE, "/")) else ""
