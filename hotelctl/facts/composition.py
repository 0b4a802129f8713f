"""What compose files are together, one composition at a time.

Each file is laid over the one before it, each service over the one that it extends, and what is included is
there as if it stood in the file. What the files of one composition name lies in its directory; what is
included or extended names what lies beside itself.

Source: the Compose Specification, "Merge", "Include" and "Extend".
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hotelctl.core.errors import Unavailable
from hotelctl.facts.compose import ComposeFile, ComposeFiles, ComposeText, Composition, service_of
from hotelctl.facts.compose_choice import ComposeCall, Order, lacks, orders
from hotelctl.facts.compose_merge import Services, extended, overridden
from hotelctl.facts.compose_tree import RESET, Part
from hotelctl.facts.found.place import nearest

_DEEPEST_INCLUDE = 10


def compose_of(
    texts: Mapping[str, ComposeText], doubts: Mapping[str, str], calls: Iterable[ComposeCall] = ()
) -> ComposeFiles:
    """All files together; `doubts` say by path why another one could not be read."""
    troubles = {path: text.doubt for path, text in texts.items() if text.doubt} | dict(doubts)
    for path, text in texts.items():
        if lost := [one for one in text.others if one not in texts]:
            troubles.setdefault(path, f"{path}: needs {doubts.get(lost[0], lost[0])}, which was not read")
    whole = {path: _whole(text, texts, troubles) for path, text in texts.items()}
    within = {path for text in texts.values() for path in text.others}
    said = tuple(calls)
    chosen = orders(whole, within, said)
    made = [_composed(order, some, texts, whole, troubles) for order, some in chosen.items()]
    return ComposeFiles(
        tuple(ComposeFile(path, texts[path].references) for path in sorted(texts, key=nearest)),
        tuple(sorted(made, key=lambda one: (nearest(one.files[0]), one.files))),
        troubles,
        tuple(dict.fromkeys(_open(said, texts, troubles))),
    )


def _open(
    calls: Iterable[ComposeCall], texts: Mapping[str, ComposeText], doubts: Mapping[str, str]
) -> Iterator[str]:
    """What nobody can tell of a call, or could not be read of it."""
    for call in calls:
        lost = next((path for path in call.files if path not in texts), None)
        why = call.why or (f"it needs {doubts.get(lost, lost)}" if lost is not None else "")
        if why:
            yield f"{call.place}: {why}"


def _composed(
    order: Order,
    calls: tuple[ComposeCall, ...],
    texts: Mapping[str, ComposeText],
    whole: Mapping[str, Services],
    doubts: dict[str, str],
) -> Composition:
    """One of them; what compose would refuse in it is a doubt of its first file."""
    layers = _Layers(texts, whole)
    parts = layers.of(order)
    incomplete = next(((name, part) for name, part in parts.items() if lacks(part)), None)
    if incomplete is not None:
        name, part = incomplete
        words = f"{name} has neither an image nor a build, and no file over it is known"
        doubts.setdefault(order.files[0], f"{part.named}: {words}")
    for path in order.files:
        if texts[path].others and posixpath.dirname(path) != order.directory:
            words = f"includes or extends files, and {path} is composed in {order.directory or '.'}"
            doubts.setdefault(order.files[0], f"{path}: {words}: which ones these are was not followed")
    starting = [one for one in calls if one.starts]
    place = next((one.place for one in starting or calls), None)
    services = tuple(
        service_of(name, part, layers.stands) for name, part in parts.items() if part.tag != RESET
    )
    return Composition(order.files, services, place, starts=bool(starting) or not calls)


@dataclass(frozen=True, slots=True)
class _Layers:
    """Files laid over each other; `stands` tells beside which file that lies what another one names."""

    texts: Mapping[str, ComposeText]
    whole: Mapping[str, Services]
    stands: dict[str, str] = field(default_factory=dict)

    def of(self, order: Order, depth: int = 0) -> Services:
        found: Services = {}
        for path in order.files:
            self.stands[path] = posixpath.join(order.directory, "-")
            text = self.texts[path]
            parts = {**self._included(text, depth), **self.whole[path]}
            found = overridden(found, parts, all_of_them=text.replaces)
        return found

    def _included(self, text: ComposeText, depth: int) -> Mapping[str, Part]:
        found: dict[str, Part] = {}
        for files in text.includes if depth < _DEEPEST_INCLUDE else ():
            known = tuple(path for path in files if path in self.texts)
            if known:
                found |= self.of(Order(known, posixpath.dirname(known[0])), depth + 1)
        return found


def _whole(text: ComposeText, texts: Mapping[str, ComposeText], doubts: dict[str, str]) -> Services:
    """Its services over what they extend; what cannot be had is a doubt of the file."""

    def services(path: str) -> Services:
        if path not in texts:
            raise Unavailable(doubts.get(path, "it was not read").removeprefix(f"{path}: "))
        return texts[path].services

    found: dict[str, Part] = {}
    for name, part in text.services.items():
        try:
            found[name] = extended(name, text.path, services)
        except Unavailable as trouble:
            doubts.setdefault(text.path, trouble.reason)
            found[name] = part
    return found
