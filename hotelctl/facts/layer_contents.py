"""What lies in a layer of an image: files with their digests, what it hides, which packages it tells."""

import hashlib
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from hotelctl.core.kept import ITSELF, Question
from hotelctl.core.layers import LayerFile, LayerQuestion
from hotelctl.facts.package_lists import ABOUT, Material, materials, system, tells

_REMOVES, _EMPTIES = ".wh.", ".wh..wh..opq"
_PIECE_BYTES = 1 << 20
_MOST_TOLD_BYTES = 1 << 24


def hidden_by(path: str) -> str | None:
    """What a file of that path hides in earlier layers, with a slash at its end all below a directory.

    None for a file that is none of these marks.
    """
    above, name = posixpath.split(path)
    if name == _EMPTIES:
        return f"{above}/"
    gone = name.removeprefix(_REMOVES)
    return posixpath.join(above, gone) if gone not in ("", name) else None


@dataclass(frozen=True, slots=True)
class LayerContents:
    """`paths` are those of its files; `digests` at the same places the sha256 of what they hold, in hex.

    `hidden` is what it takes away, as `hidden_by` tells it. `materials` are the packages by the file that
    lists them, `systems` the name of the distribution by the file that has it.
    """

    paths: tuple[str, ...]
    digests: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    materials: Mapping[str, tuple[Material, ...]] = field(default_factory=dict)
    systems: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Look:
    """Takes one file after the other; of two with the same path the last one counts."""

    _files: dict[str, str] = field(default_factory=dict)
    _hidden: dict[str, None] = field(default_factory=dict)
    _materials: dict[str, tuple[Material, ...]] = field(default_factory=dict)
    _systems: dict[str, str] = field(default_factory=dict)

    def __call__(self, file: LayerFile) -> None:
        """Look at the next one."""
        if (hidden := hidden_by(file.path)) is not None:
            self._hidden[hidden] = None
            return
        about, lists = file.path in ABOUT, tells(file.path)
        told, digest = bytearray(), hashlib.sha256()
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
            if (about or lists) and len(told) < _MOST_TOLD_BYTES:
                told += piece
        self._files[file.path] = digest.hexdigest()
        if lists:
            self._materials[file.path] = materials(file.path, bytes(told))
        if about:
            self._systems[file.path] = system(bytes(told))

    def answer(self) -> LayerContents:
        """All of it."""
        return LayerContents(
            tuple(self._files),
            tuple(self._files.values()),
            tuple(self._hidden),
            self._materials,
            self._systems,
        )


CONTENTS = LayerQuestion(LayerContents, Question(ITSELF, ("what a layer holds",), {}), _Look)
"""Asked of each layer."""
