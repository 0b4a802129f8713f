"""What commits added, put together by path: a scanner reads a few long texts, and not many short ones."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from hotelctl.core.history import Change
from hotelctl.facts.archives import INSIDE
from hotelctl.facts.leak_rules import is_key_file
from hotelctl.facts.leaks import Item, called
from hotelctl.facts.long_text import spans

# Between two parts, so that no rule reads on from one into the next, and a scanner that reads a piece at a
# time ends it here; at the beginning, so that no first bytes say that all of it is a picture.
_FIRST = b";;;;;;;;\n\n"
_BETWEEN = b"\n" + _FIRST
_FIRST_ROW, _ROWS_BETWEEN = _FIRST.count(b"\n") + 1, _BETWEEN.count(b"\n")
_MESSAGES = "messages-by-hotelctl"
# What is so long might have no empty line where one is looked for: it stands in files of its own, in pieces.
_LONG_BYTES = 20_000
# What a part, and a file, take besides their bytes.
_PART_BYTES, _FILE_BYTES = 100, 1_500


class _About(NamedTuple):
    commit: str
    author: str
    at: str


@dataclass(slots=True)
class _Text:
    """What was added under one path: each part with the row that it begins on here, and its line there.

    A key is all that stands in its file, so of such files each part is `alone`.
    """

    path: str
    alone: bool = False
    parts: list[bytes] = field(default_factory=list)
    lines: "array[int]" = field(default_factory=lambda: array("Q"))
    changes: "array[int]" = field(default_factory=lambda: array("Q"))
    told: list[int] = field(default_factory=list)

    def rows(self) -> list[int]:
        """On which each part begins: told only where something was found, as there are very many."""
        if len(self.told) < len(self.parts):
            sizes = (one.count(b"\n") + _ROWS_BETWEEN for one in self.parts)
            self.told = list(accumulate(sizes, initial=1 if self.alone else _FIRST_ROW))[:-1]
        return self.told

    def add(self, change: int, line: int, part: bytes) -> int:
        """How many bytes more it takes now."""
        self.parts.append(part)
        self.lines.append(line)
        self.changes.append(change)
        return len(part) + _PART_BYTES

    def content(self) -> bytes:
        between = b"" if self.alone else _FIRST
        return (b"\n" + between + _BETWEEN.join(self.parts)).replace(b"\n+", b"\n")[1:]


@dataclass(slots=True)
class AddedText:
    """`size` counts the bytes that it takes by now; `tags` are ids of tags.

    Messages stand in a file of their own.
    """

    tags: frozenset[str] = frozenset()
    size: int = 0
    _abouts: list[_About] = field(default_factory=list)
    _texts: dict[str, _Text] = field(default_factory=dict)
    _messages: _Text = field(default_factory=lambda: _Text(""))

    def take(self, change: Change) -> None:
        """What one commit added, or a part of that."""
        number, texts, size = len(self._abouts), self._texts, 0
        self._abouts.append(_About(change.commit, change.author, change.at.isoformat()))
        if change.message:
            message = b"+" + change.message.rstrip(b"\n").replace(b"\n", b"\n+") + b"\n"
            size += self._messages.add(number, 1, message)
        for path, line, added in change.added:
            if len(added) > _LONG_BYTES:
                for first, piece in _pieces(line, added):
                    size += self._new(path, of_its_own=True).add(number, first, piece)
                continue
            text = texts.get(path)
            if text is None or text.alone or text.path != path:
                text = self._new(path)
            size += text.add(number, line, added)
        self.size += size

    def files(self) -> Mapping[str, bytes]:
        """All of it, by path."""
        found = {name: text.content() for name, text in self._texts.items()}
        return {**found, self._own(): self._messages.content()} if self._messages.parts else found

    def placed(self, items: list[Item], archive: str, files: Mapping[str, bytes]) -> list[Item]:
        """What was found in an archive of these, which are `files`, where it stands in its commit.

        Raises:
            KeyError, TypeError, ValueError: one does not tell where.

        """
        by_name = called(files)
        return [self._placed(item, by_name, archive) for item in items]

    def _placed(self, item: Item, by_name: Mapping[str, str], archive: str) -> Item:
        place = item["location"]
        name = by_name[str(place["path"]).removeprefix(f"{archive}{INSIDE}")]
        is_message = name == self._own()
        text, row = self._messages if is_message else self._texts[name], int(place["start_line"])
        rows = text.rows()
        part = max(0, bisect_right(rows, row) - 1)
        about = self._abouts[text.changes[part]]
        message = "tag_message" if about.commit in self.tags else "commit_message"
        line = text.lines[part] + max(0, row - rows[part])
        said = {"git.sha": about.commit, "git.author_name": about.author, "git.date": about.at}
        return {
            **item,
            "location": {**place, "path": text.path, "start_line": line},
            "attributes": said | {"resource": f"git.{message if is_message else 'patch_content'}"},
        }

    def _new(self, path: str, *, of_its_own: bool = False) -> _Text:
        alone = is_key_file(path)
        name = path
        while name in self._texts or ((alone or of_its_own) and name == path):
            name = f"{len(self._texts)}/{name}"
        text = self._texts[name] = _Text(path, alone)
        self.size += _FILE_BYTES
        return text

    def _own(self) -> str:
        """What the file of the messages is called, as no other is."""
        free = _MESSAGES
        while free in self._texts:
            free = f"_{free}"
        return free


def _pieces(line: int, added: bytes) -> Iterator[tuple[int, bytes]]:
    """Each with its line."""
    for start, stop, before in spans(added):
        yield line + before, _piece(added, start, stop)


def _piece(added: bytes, start: int, stop: int) -> bytes:
    """With the sign before its first line, and the last one ended."""
    sign = b"+" if start and added[start - 1 : start] != b"\n" else b""
    end = b"" if added[stop - 1 : stop] == b"\n" else b"\n"
    return sign + added[start:stop] + end
