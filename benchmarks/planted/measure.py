"""One run of everything over both halves: the figures, as they are kept beside the set."""

import hashlib
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.planted import known
from benchmarks.planted.cases import HALVES, PLACES, PLANTED, TUNED, Case, cases, of_half
from benchmarks.planted.ground import Ground, planted
from benchmarks.planted.score import Judged, judged
from benchmarks.planted.tools import CHOSEN, OTHERS, OURS, WITH_CHOSEN, Hit, choosing, ours, version

BLOCKING = f"{OURS}, only what blocks"

Figures = dict[str, Any]


def set_digest() -> str:
    """Changes with any case, label or value: figures of another set are not those of this one."""
    every = "\n".join(map(repr, (*cases(), *known.cases())))
    return hashlib.sha256(every.encode()).hexdigest()


def measure(tools: Path | None) -> Figures:
    """Of both halves; `tools` is the directory that holds the other programs, as far as they are there."""
    here = {tool.name: tools / tool.name for tool in OTHERS if tools and (tools / tool.name).is_file()}
    return {
        "set": set_digest(),
        "not_measured": [tool.name for tool in OTHERS if tool.name not in here],
        "versions": {tool.name: version(here[tool.name]) for tool in OTHERS if tool.name in here},
        "halves": {half: of(half, here) for half in HALVES},
    }


def of(half: str, programs: Mapping[str, Path]) -> Figures:
    """Of one half; what was missed is named where rules may be changed by it, and counted elsewhere."""
    among, copies = of_half(half, cases()), of_half(half, known.cases())
    with tempfile.TemporaryDirectory() as place:
        guessed = _guessed(planted(Path(place) / "site", among), among, programs, Path(place) / "reports")
        ground = planted(Path(place) / "known", copies, known.files())
        exact = [hit for hit in ours(ground.root, Path(place) / "exact") if hit.exact]
        matched = judged(copies, ground.said, exact)
    mine = guessed[OURS]
    found = {
        "planted": mine.wanted,
        "kinds": len({case.kind for case in among if case.planted}),
        "decoys": len(among) - mine.wanted,
        "scanners": {name: one.numbers for name, one in guessed.items()},
        "places": {place: _parts(guessed, _at(place, among)) for place in PLACES},
        "groups": {group: _parts(guessed, _of(group, among)) for group in PLANTED},
        "known": {**matched.numbers, "decoys": len(copies) - matched.wanted},
        "known places": {place: matched.part(_at(place, copies)).numbers for place in PLACES},
    }
    return found | (_named(mine, guessed[WITH_CHOSEN]) if half == TUNED else {})


def _guessed(
    ground: Ground, among: Sequence[Case], programs: Mapping[str, Path], reports: Path
) -> dict[str, Judged]:
    """By the name of each scanner; hotelctl last, as it leaves files of its own."""
    hits: dict[str, Sequence[Hit]] = {
        tool.name: tool.hits(programs[tool.name], ground.root) for tool in OTHERS if tool.name in programs
    }
    mine = ours(ground.root, reports)
    with choosing(CHOSEN, ground.root):
        chosen = ours(ground.root, reports)
    blocking = [hit for hit in mine if hit.blocks]
    hits = {OURS: mine, BLOCKING: blocking, WITH_CHOSEN: chosen, **hits}
    return {name: judged(among, ground.said, found) for name, found in hits.items()}


def _at(place: str, among: Iterable[Case]) -> list[Case]:
    return [case for case in among if case.place == place]


def _of(group: str, among: Iterable[Case]) -> list[Case]:
    return [case for case in among if case.group == group]


def _parts(guessed: Mapping[str, Judged], among: Sequence[Case]) -> Figures:
    return {name: one.part(among).numbers for name, one in guessed.items()}


def _named(mine: Judged, chosen: Judged) -> Figures:
    def names(some: Iterable[Case]) -> list[str]:
        return [f"{case.name}: {case.place}" for case in some]

    return {
        "missed": names(mine.missed),
        "alarms": names(mine.alarms),
        "missed with another": names(chosen.missed),
        "alarms with another": names(chosen.alarms),
    }
