"""A compose file as parts that know their places, with its anchors and merge keys followed.

Source: the Compose Specification; YAML 1.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location
from hotelctl.core.lazily import lazily

if TYPE_CHECKING:
    import yaml
else:
    yaml = lazily("yaml")

RESET, OVERRIDE = "!reset", "!override"
_MERGE = "<<"
# Written as `null`, as `~`, or not at all.
_NULL = "tag:yaml.org,2002:null"
_DEEPEST_MERGE = 20
# A port of a service is the deepest that anybody asks for.
_DEEPEST = 6
_Pairs = dict[str, "tuple[yaml.Node, yaml.Node]"]


@dataclass(frozen=True, slots=True)
class Part:
    """A text, a list or a table; `place` is its own, `named` that of its key where it has one.

    Of `text`, `items` and `table` one is not None, and none is of what lies too deep. `tag` is what the file
    says about merging: `!reset`, `!override`, else anything.
    """

    place: Location
    named: Location
    text: str | None = None
    items: tuple["Part", ...] | None = None
    table: Mapping[str, "Part"] | None = None
    tag: str = ""

    def get(self, *keys: str) -> "Part | None":
        """What stands under these keys, one below the other; None where a table lacks one or is none."""
        found: Part | None = self
        for key in keys:
            found = (found.table or {}).get(key) if found is not None else None
            found = None if found is not None and found.tag == RESET else found
        return found

    def said(self, *keys: str) -> str:
        """The text that stands there; empty where none does."""
        found = self.get(*keys)
        return (found.text or "") if found is not None else ""


def read_tree(path: str, text: str) -> Part:
    """The whole file.

    Raises:
        Unavailable: it is not YAML, with the line.

    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)  # type: ignore[no-untyped-call]
    except yaml.MarkedYAMLError as error:
        place = f"{path}:{error.problem_mark.line + 1}" if error.problem_mark else path
        raise Unavailable(f"{place}: is not YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unavailable(f"{path}: is not YAML that can be read ({type(error).__name__})") from error
    start = Location(path, 1)
    return _Reading(path).part(root, 0) if root is not None else Part(start, start)


class _Reading:
    """Each node is made a part once for each depth: anchors may be used any number of times."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._known: dict[tuple[int, int], Part] = {}
        self._pairs: dict[int, _Pairs] = {}

    def part(self, node: "yaml.Node", depth: int) -> Part:
        """The node, as far as it is not too deep."""
        key = (id(node), depth)
        if key not in self._known:
            self._known[key] = self._made(node, depth)
        return self._known[key]

    def _made(self, node: "yaml.Node", depth: int) -> Part:
        place = self._place(node)
        part = Part(place, place, tag=str(node.tag))
        if isinstance(node, yaml.ScalarNode):
            return replace(part, text="" if node.tag == _NULL else str(node.value))
        if depth >= _DEEPEST:
            return part
        if isinstance(node, yaml.SequenceNode):
            return replace(part, items=tuple(self.part(one, depth + 1) for one in node.value))
        pairs = _merged(node, self._pairs)
        table = {
            name: replace(self.part(value, depth + 1), named=self._place(key))
            for name, (key, value) in pairs.items()
        }
        return replace(part, table=table)

    def _place(self, node: "yaml.Node") -> Location:
        return Location(self._path, int(node.start_mark.line) + 1)


def _merged(node: "yaml.Node", known: dict[int, _Pairs], depth: int = 0) -> _Pairs:
    """Keys and values, with those of merged mappings that it does not have itself.

    Of each mapping they are found out once: of ten that merge ten each there are soon too many ways.
    """
    if not isinstance(node, yaml.MappingNode) or depth > _DEEPEST_MERGE:
        return {}
    if id(node) not in known:
        # One that merges itself has nothing more by that.
        found = known[id(node)] = {}
        for key, value in node.value:
            if key.value == _MERGE:
                # Of several that are merged the first one wins.
                for one in reversed(value.value) if isinstance(value, yaml.SequenceNode) else (value,):
                    found |= _merged(one, known, depth + 1)
        found |= {str(key.value): (key, value) for key, value in node.value if key.value != _MERGE}
    return known[id(node)]
