"""betterleaks' search for secrets in files: what it is given, how it is called, and what its answer means."""

import hashlib
import io
import re
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.placeholder import placeholder
from hotelctl.facts.program_answer import ended, json_of
from hotelctl.facts.test_files import is_test_file

PROGRAM = "betterleaks"
_INSIDE = "!"
_PLANTED = "planted-by-hotelctl.txt"
_SAMPLES = frozenset({"docs", "example", "examples", "fixtures", "spec", "test", "testdata", "tests"})

# A name in braces or after a dollar sign, alone or behind a user's name: a program puts the secret there.
_FILLED_IN = re.compile(r"^([\w.@-]*:)?(\$[A-Z_][A-Z0-9_]+|\$?\{\w+\})$")

Mark = Callable[[str], str]
"""What stands in a secret's place: its length and a short keyed hash."""


@dataclass(frozen=True, slots=True)
class Leak:
    """One value that it takes for a secret, which is not kept: `mark` stands for it.

    `line` counts from 1; `doubt` says why the value may be none, empty for nothing that says so.
    """

    rule: str
    confidence: str
    path: str
    line: int
    mark: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class TreeLeaks:
    """What it found in `files` files; `doubts` says by path why another could not be given to it."""

    argv: tuple[str, ...]
    files: int
    leaks: tuple[Leak, ...]
    doubts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def packed(files: Mapping[str, bytes]) -> bytes:
    """A tar archive of `files`, at its end a secret that nobody uses and that must be found.

    Named one by one, a thousand files take it minutes; and beside a tree it heeds files that hide findings.
    """
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in (*sorted(files.items()), (_PLANTED, _planted())):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def listing(files: Mapping[str, bytes]) -> bytes:
    """What `packed` follows from, made in a twentieth of its time. No name holds the sign that ends one."""
    ended = (f"{hashlib.sha256(content).hexdigest()} {name}\0" for name, content in sorted(files.items()))
    return "".join(ended).encode("utf-8", "surrogateescape")


def _planted() -> bytes:
    """In the shape of a GitHub token, and in no file as it stands."""
    return f"token = ghp_{hashlib.sha256(b'planted').hexdigest()[:36]}\n".encode()


def command(archive: str) -> tuple[str, ...]:
    """The words of a run that heeds no comments by which a file allows itself what it holds.

    Its own redaction is not asked for: of a value of one letter it leaves no such letter in rule or path.
    """
    words = ("fs", "--silent", "--no-color", "--log-level", "error", "--no-allow-signatures")
    return (*words, "--output", "-", archive)


def leaks(archive: str, done: Completed, mark: Mark) -> tuple[Leak, ...]:
    """What it found in the archive of that name, the values replaced at once.

    Its words hold secrets, so that no reason repeats them.

    Raises:
        Unavailable: it was killed, crashed or complained, read a part only, did not find what was planted,
            or its answer contradicts itself or the code that it ended with.

    """
    code = ended(PROGRAM, done, (0, 1), quoted=False)
    if done.stderr.strip():
        raise Unavailable(f"{PROGRAM} complained")
    answer = json_of(PROGRAM, done.stdout)
    try:
        scan = answer["scan"]
        state, number, read = str(scan["state"]), int(scan["num_findings"]), int(scan["bytes_scanned"])
        found = tuple(_leak(archive, item, mark) for item in answer["findings"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unavailable(f"{PROGRAM}'s answer is not the JSON that it promises") from error
    if state != "complete" or not read:
        raise Unavailable(f"{PROGRAM} says that its search is {state}, of {read} bytes")
    if number != len(found) or code != bool(found):
        raise Unavailable(f"{PROGRAM} ended with {code}, counts {number} findings and names {len(found)}")
    if not any(one.path == _PLANTED for one in found):
        raise Unavailable(f"{PROGRAM} did not find a secret that was planted, so its silence means nothing")
    return tuple(one for one in found if one.path != _PLANTED)


def _leak(archive: str, item: Any, mark: Mark) -> Leak:  # noqa: ANN401 - JSON is any shape
    place, value = item["location"], str(item["match"]["value"])
    path = str(place["path"]).removeprefix(f"{archive}{_INSIDE}")
    return Leak(
        rule=str(item["rule_id"]),
        confidence="low" if _FILLED_IN.search(value) else str(item["confidence"]).lower(),
        path=path,
        line=int(place["start_line"]),
        mark=mark(value),
        doubt=_doubt(path, value),
    )


def _doubt(path: str, value: str) -> str:
    if words := placeholder(value):
        return words
    if _FILLED_IN.search(value):
        return "it is a variable that the program fills in"
    sample = is_test_file(path) or _SAMPLES.intersection(path.lower().split("/")[:-1])
    return "it stands among tests, examples or documentation" if sample else ""
