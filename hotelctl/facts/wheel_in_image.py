"""What an image holds of an artifact, file by file, as a container of it would see them."""

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hotelctl.facts.layer_contents import LayerContents
from hotelctl.facts.layer_files import Hiding

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
    """Takes the contents of one layer after the other, oldest first; `digests` are those of the artifact."""

    digests: Mapping[str, str]
    _by_name: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _found: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Files are known by their last name first."""
        self.digests = {name: sha for name, sha in self.digests.items() if not name.endswith(_OWN_NOTES)}
        for name in self.digests:
            self._by_name[posixpath.basename(name)].append(name)

    def __call__(self, layer: LayerContents) -> None:
        """Take the next one."""
        hides = Hiding(layer.hidden)
        for path in [one for one in self._found if hides(one)]:
            del self._found[path]
        for path, sha in zip(layer.paths, layer.digests, strict=True):
            if any(f"/{path}".endswith(f"/{one}") for one in self._by_name.get(posixpath.basename(path), ())):
                self._found[path] = sha

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
