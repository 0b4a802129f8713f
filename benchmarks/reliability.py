"""Writes docs/reliability.md: `python benchmarks/reliability.py SHOW...`, each a few minutes to half an hour.

The shows are turning, healthy, at-once, inside, double, contained, crowd, crowd-contained; without a name all
of them are run. Each keeps its figures in reliability.json beside this file as it goes on, and the page is
made of what is kept there: a show that nobody ran says so, and one that was broken off says how far it came.
Exit code 1 when one of those that ran missed its goal.
"""

import json
import os
import platform
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import contained, crowded
from hotelctl.core.errors import ExitCode
from tests.system.conftest import a_site
from tests.system.killing import Inside, Way
from tests.system.test_at_once import FREE_S, TOGETHER, freed_s, one_proceeds
from tests.system.test_kill_long_actions import PAIRS, PLACES, RATE, killed, pairs, serve
from tests.system.turning import healthy, people, prepare, turned

FIGURES = Path(__file__).with_suffix(".json")
PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
LIMITS_S = {"errors": 15.0, "slow": 15.0, "crash": 3.0, "leak": 15.0}
ROUNDS, DEPLOYS, TURNS, KILLED = 20, 20, 5, 5
_ENDS = {"resume": "succeeded", "abort": "stopped"}
Found = dict[str, Any]


def turning() -> Iterator[Found]:
    """Of each kind a few releases, deployed while people ask: how soon traffic was back."""
    back: dict[str, list[float | None]] = {kind: [] for kind in LIMITS_S}
    with a_site(words="") as site:
        prepare(site, 20)
        with people(site):
            for kind in (kind for _ in range(TURNS) for kind in LIMITS_S):
                found = turned(site, kind)
                back[kind].append(found.back_s if found.code == ExitCode.ROLLED_BACK else None)
                say(f"{found.kind}: exit {found.code}, back after {found.back_s} s: {found.why[:80]}")
                kept = [(kind, one) for kind, all_ in back.items() for one in all_]
                good = all(one is not None and one <= LIMITS_S[kind] for kind, one in kept)
                yield {"back_s": back, "good": good}


def healthy_ones() -> Iterator[Found]:
    """Releases that fail 2 in 100 requests as the one before did."""
    codes, verdicts, asked, errors = Counter[int](), Counter[str](), 0, 0
    with a_site(words="") as site:
        prepare(site, 6, "healthy")
        with people(site):
            for n in range(1, DEPLOYS + 1):
                code, told = healthy(site)
                codes[code] += 1
                verdicts[str(told.get("verdict"))] += 1
                seen = told.get("watched") or {}
                asked, errors = asked + seen.get("n", 0), errors + seen.get("errors", 0)
                say(f"{n}: exit {code}, {seen or told}")
                yield {
                    "deploys": n,
                    "rolled_back": n - codes[0],
                    "verdicts": dict(verdicts),
                    "requests": asked,
                    "errors": errors,
                    "good": codes == {0: n},
                }


def at_once() -> Iterator[Found]:
    """Eight deploys in each round; and holders that are killed."""
    wrong: list[str] = []
    with a_site() as site:
        site.deploy().expect(0)
        freed = [freed_s(site) for _ in range(KILLED)]
        for n in range(1, ROUNDS + 1):
            try:
                one_proceeds(site)
            except AssertionError as error:
                wrong.append(str(error)[:400])
            say(f"round {n}: {len(wrong)} went wrong so far")
            yield {"rounds": n, "wrong": wrong, "freed_s": freed, "good": not wrong and max(freed) < FREE_S}


def inside() -> Iterator[Found]:
    """Each place inside a long action, half of them of the whole group, then resume, then abort."""
    ends: dict[str, Found] = {}
    ways: tuple[Way, ...] = ("resume", "abort")
    for way in ways:
        with a_site(words="") as site:
            serve(site)
            kills = [Inside(f"{place}{'!' * (n % 2)}", way) for n, place in enumerate(PLACES)]
            ends[way] = dict(killed(site, kills, RATE))
        good = all(set(found) == {_ENDS[one]} for one, found in ends.items())
        yield {"places": len(PLACES), "ends": ends, "rate": RATE, "good": good}


def double() -> Iterator[Found]:
    """A deploy that is killed, and its resume that is killed, too."""
    with a_site(words="") as site:
        serve(site)
        ends = pairs(site, PAIRS)
    yield {"pairs": PAIRS, "ends": ends, "rate": RATE, "good": sum(ends.values()) == PAIRS}


SHOWS: Mapping[str, Callable[[], Iterator[Found]]] = {
    "turning": turning,
    "healthy": healthy_ones,
    "at-once": at_once,
    "inside": inside,
    "double": double,
    "contained": contained.killed,
    "crowd": crowded.processes,
    "crowd-contained": crowded.containers,
}


def say(line: str) -> None:
    """To whoever waits."""
    sys.stderr.write(f"{line}\n")


def _turning(found: Found) -> str:
    rows = [
        f"| {kind} | {limit:g} s | {_spread(found['back_s'][kind])} |" for kind, limit in LIMITS_S.items()
    ]
    return "\n".join(["| turns bad by | goal | back after |", "|---|---|---|", *rows])


def _spread(taken: list[float | None]) -> str:
    known = sorted(one for one in taken if one is not None)
    lost = f", {len(taken) - len(known)} not taken back" if len(known) < len(taken) else ""
    if not known:
        return f"never{lost}"
    return f"{known[len(known) // 2]:.1f} s ({known[0]:.1f} to {known[-1]:.1f}, n = {len(known)}{lost})"


def _healthy(found: Found) -> str:
    return (
        f"{found['rolled_back']} of {found['deploys']} deploys were taken back (goal: 0 of {DEPLOYS}); "
        f"verdicts: {_counts(found['verdicts'])}; "
        f"{found['errors']} of {found['requests']:,} requests under watch failed."
    )


def _at_once(found: Found) -> str:
    good = found["rounds"] - len(found["wrong"])
    return (
        f"In {good} of {found['rounds']} rounds one of {TOGETHER} proceeded, {TOGETHER - 1} ended with 73, "
        f"each naming the one. A killed holder's lock was free after {max(found['freed_s']) * 1000:.0f} ms "
        f"at most (n = {len(found['freed_s'])}, goal {FREE_S:g} s)."
    )


def _inside(found: Found) -> str:
    told = "; then ".join(f"`{way}`: {_counts(ends)}" for way, ends in found["ends"].items())
    return f"{found['places']} places, then {told}. No request failed at {found['rate']} a second."


def _double(found: Found) -> str:
    return f"{found['pairs']} pairs: {_counts(found['ends'])}. No request failed at {found['rate']} a second."


def _counts(of: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(of.items()))


_TOLD: Mapping[str, Callable[[Found], str]] = {
    "turning": _turning,
    "healthy": _healthy,
    "at-once": _at_once,
    "inside": _inside,
    "double": _double,
    "contained": contained.told,
    "crowd": crowded.told,
    "crowd-contained": crowded.told,
}
_PAGE = """# What deploys survive

Written by `python benchmarks/reliability.py`; do not edit. Every show runs the command line as people do, on
a checkout of the second service (`tests/services/plain`) with a PostgreSQL and an edge of its own. Each says
when it was run, on which machine, how many programs wanted a processor, and the command that repeats it.

## A release that turns bad after the switch

It answers the first 50 requests of people well (100 ms each, 50 a second); then it fails every fifth, takes
four times as long, ends itself, or keeps 0.5 MB a request with a limit of 200 MB. From its first bad answer
to the pointer's move back to the release before:

{turning}

## A release that is as good as the one before

Both fail 2 in 100 requests by chance; the window is 6 s.

{healthy}

## Eight deploys at once, and holders that die

{at-once}

## Killed inside what takes long

`kill -9`, every second one of the whole process group, inside tests, build, installation, dump, restore, and
the migration on the copy and on the real database. After each: exactly one release serves, nothing else
runs, no scratch database and no half file is left, the report's chain holds.

{inside}

## Killed twice

A deploy is killed at a random place (a journal record or inside a long action), its `resume` at another one.

{double}

## Deploys of containers, killed

On the target `docker`: before and behind every journal record, and inside what takes long, then `resume`;
the same again, then `abort`; in an order of chance. After each, as above; and of containers, networks and
images only those are left that a good release has.

{contained}

## Deploys and rollbacks amid a crowd

500 requests a second over 32 kept connections, every fourth a POST that writes to the database; 50 more, each
on a connection of its own; 2 that take a second; 8 streams of events, each some seconds long, of which one
without its last event was cut off. Nobody tries twice. After half a minute of that 10 deploys follow one
another, each with tests, backup and proof on the same machine; then rollbacks. On the target `process`:

{crowd}

On the target `docker`:

{crowd-contained}

## What is not measured here

- Kills at every journal record:
  `HOTELCTL_KILL_MATRIX=all python -m pytest -n 0 tests/system/test_kill_matrix.py`.
- More than one machine: the lock of these shows is the host's. A holder that is stopped keeps it; only who
  removes the lock's file takes over (`tests/system/test_at_once.py`).
- Power that fails: `kill -9` leaves the kernel alive, which writes what was handed to it.
- On the target `docker` other faults than kills.
- Latency that rises by less than 100 ms, and errors among fewer than 50 requests: neither is called bad.
"""


def page(kept: Mapping[str, Found]) -> str:
    """What each show found, or that nobody ran it."""
    return _PAGE.format(**{name: _shown(name, kept.get(name)) for name in SHOWS})


def _shown(name: str, found: Found | None) -> str:
    command = f"python benchmarks/reliability.py {name}"
    if found is None:
        return f"**Not measured.** `{command}`"
    told = _TOLD[name](found)
    # A table is one only where it begins a line.
    between = "\n\n" if told.startswith("|") else " "
    missed = "" if found["good"] else f"**The goal was missed.**{between}"
    return f"{missed}{told}\n\n{found['when']}; `{command}`"


def _when() -> str:
    day, load = datetime.now(UTC).date(), os.getloadavg()[2]
    return (
        f"{day}, {os.cpu_count()} cores, Python {platform.python_version()}, {load:.0f} programs wanted one"
    )


def main(names: list[str]) -> int:
    """0 when all that ran kept their goals."""
    kept: dict[str, Found] = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    names = names or list(SHOWS)
    for name in names:
        for found in SHOWS[name]():
            kept[name] = found | {"when": _when()}
            FIGURES.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
            PAGE.write_text(page(kept), encoding="utf-8")
    good = all(kept[name]["good"] for name in names)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
