"""What an image holds of an artifact, file by file, as a container of it would see them."""

import hashlib
import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hotelctl.core.images import LayerFile

_REMOVES, _EMPTIES = ".wh.", ".wh..wh..opq"
_PIECE_BYTES = 1 << 20
# What an installer writes anew, and what names the tool that packed the artifact.
_NOTES = ".dist-info/"
_OWN_NOTES = (".dist-info/RECORD", ".dist-info/WHEEL")


@dataclass(frozen=True, slots=True)
class WheelInImage:
    """The files that the artifact lists and how those below `place` of the image differ; all paths below it.

    `place` is empty where the image has none of them.
    """

    listed: int
    place: str = ""
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class WheelSearch:
    """Takes one file after the other, in the order of the layers; `digests` are those of the artifact."""

    digests: Mapping[str, str]
    _by_name: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _found: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Files are known by their last name first."""
        self.digests = {name: sha for name, sha in self.digests.items() if not name.endswith(_OWN_NOTES)}
        for name in self.digests:
            self._by_name[posixpath.basename(name)].append(name)

    def __call__(self, file: LayerFile) -> None:
        """Look at the next one."""
        above, name = posixpath.split(file.path)
        if name == _EMPTIES:
            self._forget(above)
        elif name.startswith(_REMOVES):
            self._forget(posixpath.join(above, name.removeprefix(_REMOVES)))
        elif any(f"/{file.path}".endswith(f"/{one}") for one in self._by_name.get(name, ())):
            self._found[file.path] = _digest(file)

    def result(self) -> WheelInImage:
        """The place that has most of them, and what differs there."""
        places = Counter(place for path in self._found for place in self._places(path))
        if not places:
            return WheelInImage(len(self.digests))
        # Of several, the one that is named first: so it is the same each time.
        place = min(places, key=lambda one: (-places[one], one))
        has = {name: self._found.get(posixpath.join(place, name)) for name in self.digests}
        return WheelInImage(
            len(self.digests),
            f"/{place}",
            changed=tuple(sorted(n for n, sha in has.items() if sha not in (None, self.digests[n]))),
            # What is copied and not installed has no notes of an installer.
            missing=tuple(sorted(n for n, sha in has.items() if sha is None and _NOTES not in n)),
        )

    def _places(self, path: str) -> Iterator[str]:
        """The directories below which it would be a file of the artifact."""
        for one in self._by_name[posixpath.basename(path)]:
            if f"/{path}".endswith(f"/{one}"):
                yield path.removesuffix(one).rstrip("/")

    def _forget(self, gone: str) -> None:
        for path in [one for one in self._found if one == gone or one.startswith(f"{gone.rstrip('/')}/")]:
            del self._found[path]


def _digest(file: LayerFile) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()
