"""Long files as a scanner is given them: in pieces, of which each is a file that it reads at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hotelctl.facts.archives import INSIDE, kind
from hotelctl.facts.encoding import as_utf8
from hotelctl.facts.leaks import Item, called
from hotelctl.facts.long_text import PIECE_BYTES, spans

_NO_TEXT = b"\0"


@dataclass(frozen=True, slots=True)
class LongFiles:
    """`files` are what the scanner is given; `_origins` has the file of a piece, and the lines before it."""

    files: Mapping[str, bytes]
    _whole: Mapping[str, bytes]
    _origins: Mapping[str, tuple[str, int]]

    @classmethod
    def of(cls, whole: Mapping[str, bytes]) -> "LongFiles":
        """Of these; what is no text, or an archive, stays as it is: pieces of it would be taken for text."""
        files, origins = dict[str, bytes](), dict[str, tuple[str, int]]()
        for name, content in whole.items():
            text = as_utf8(content) if len(content) > PIECE_BYTES else b""
            if len(text) <= PIECE_BYTES or _NO_TEXT in text or kind(text):
                files[name] = content
                continue
            for start, stop, before in spans(text):
                piece = name if not start else f"{len(origins)}/{name}"
                while start and (piece in whole or piece in files):
                    piece = f"_{piece}"
                files[piece] = text[start:stop]
                origins[piece] = name, before
        return cls(files, whole, origins)

    def placed(self, items: Iterable[Item], archive: str) -> list[Item]:
        """What was found in an archive of `files`, as if it had been found in the whole ones, each once.

        Raises:
            KeyError, TypeError, ValueError: one does not tell where.

        """
        inside = f"{archive}{INSIDE}"
        by_piece = called(self.files)
        within = {name: one for one, name in called(self._whole).items()}
        found: dict[tuple[str, str, int, str], Item] = {}
        for item in items:
            place = item["location"]
            path, line = str(place["path"]), int(place["start_line"])
            origin = self._origins.get(by_piece.get(path.removeprefix(inside), ""))
            if origin is not None:
                path, line = f"{inside}{within[origin[0]]}", line + origin[1]
            moved = {**item, "location": {**place, "path": path, "start_line": line}}
            found.setdefault((str(item["rule_id"]), path, line, str(item["match"]["value"])), moved)
        return list(found.values())
