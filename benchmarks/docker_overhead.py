"""Writes docs/performance-docker.md: `python benchmarks/docker_overhead.py`, two minutes on a quiet machine.

A deploy onto the target docker beside a bare script, which builds the same image, runs it and waits until it
is healthy; in each of `--rounds` both, each of a new commit, the one first and then the other. It needs a
container engine with the images of the tests (.ci/engine) and curl. Exit code 1 when the goal is missed; the
page is written all the same.
"""

import argparse
import json
import os
import platform
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psutil

from hotelctl.adapters.docker_engine import docker_engine
from hotelctl.deploy.journal import TRAFFIC, Kind, Record
from tests.free_port import free_port
from tests.services.checkout import git
from tests.system.conftest import a_site
from tests.system.site import Site
from tests.system.wharf import DRIVEN, cleared, driven, on_docker

if TYPE_CHECKING:
    from docker import DockerClient

PAGE = Path(__file__).parents[1] / "docs" / "performance-docker.md"
ROUNDS, GOAL = 7, 1.15
_LIMIT_S = 120
_ENGINE = "dockerd"
_SOCKET = ".s.PGSQL.5432"
# What somebody writes who has nothing but docker. The builder is the one that hotelctl asks, too.
_BARE = """set -eu
mkdir {context}
git -C {root} archive HEAD | tar -x -C {context}
began=$(date +%s.%N)
DOCKER_BUILDKIT=0 docker build --quiet --tag {image} {context} 2>/dev/null
built=$(date +%s.%N)
docker run --detach --name {name} --publish 127.0.0.1:{port}:8000 {options} {image}
until curl --silent --fail --output /dev/null http://127.0.0.1:{port}/ready; do sleep 0.05; done
echo "$began $built $(date +%s.%N)"
"""
_PARTS: Mapping[str, str] = {
    "start": "the command starts, reads the project and opens the journal",
    "lock": "nobody else deploys",
    "preflight": "the checks that need no artifact",
    "test": "the service's tests, against a database of their own",
    "artifact": "the wheel, an environment with it, and the checks of both that were not over before `read`",
    "image": "the image is built: what `docker build` does",
    "read": "the image is saved, each new layer read once: what it is made of, secrets, the wheel within",
    "backup": "a consistent, counted backup",
    "prove": "the backup restored, migration and old release tried on it",
    "migrate": "the migrations; none in these commits",
    "stage": "the container started, ready three times, its smoke workflows",
    "flip": "all traffic goes there",
}


@dataclass
class Used:
    """Of the programs that were started and have ended, and of the engine where it runs on this machine."""

    programs_s: list[float] = field(default_factory=list)
    engine_s: list[float] = field(default_factory=list)

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """One round more, when the block ends."""
        programs, engine = _programs_s(), _engine_s()
        yield
        self.programs_s.append(_programs_s() - programs)
        self.engine_s.append(_engine_s() - engine)


def _programs_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _engine_s() -> float:
    """0 where it runs elsewhere. What others ask of it meanwhile counts, too."""
    times = [one.cpu_times() for one in psutil.process_iter(["name"]) if one.info["name"] == _ENGINE]
    return sum((float(one.user + one.system) for one in times), 0.0)


@dataclass
class Found:
    """Seconds, one a round: of the bare script, and of a deploy by its parts until people are served.

    `after_s` is what a deploy goes on for then. `bare_used` and `ours_used` are seconds of the processor that
    all of it took. `load` is how many programs wanted a processor.
    """

    build_s: list[float] = field(default_factory=list)
    run_s: list[float] = field(default_factory=list)
    parts_s: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in _PARTS})
    after_s: list[float] = field(default_factory=list)
    bare_used: Used = field(default_factory=Used)
    ours_used: Used = field(default_factory=Used)
    image_bytes: int = 0
    load: float = 0.0

    @property
    def bare_s(self) -> list[float]:
        """Of the whole script."""
        return [build + run for build, run in zip(self.build_s, self.run_s, strict=True)]

    @property
    def ours_s(self) -> list[float]:
        """Of all parts."""
        return [sum(each) for each in zip(*self.parts_s.values(), strict=True)]

    @property
    def ratio(self) -> float:
        """Of the medians, without the backup's own time."""
        backup = self.parts_s["backup"]
        return median(one - own for one, own in zip(self.ours_s, backup, strict=True)) / median(self.bare_s)


@contextmanager
def berth() -> Iterator[tuple["DockerClient", Site]]:
    """The second service, which a first deploy brought to the engine."""
    with docker_engine(os.environ, 120) as client:
        if not client.images.list(DRIVEN):
            driven(client)
        with a_site() as site, cleared(client, site):
            on_docker(site).deploy().expect(0)
            yield client, site


def measured(client: "DockerClient", site: Site, rounds: int) -> Found:
    """Each round a deploy and a bare script; they take turns in who is first."""
    found = Found()
    with tempfile.TemporaryDirectory(prefix="bare-") as place:
        _bare(client, site, Path(place, "warm"), Found())
        for turn in range(rounds):
            acts = (
                lambda: _deployed(site, found),
                lambda at=turn: _bare(client, site, Path(place, str(at)), found),
            )
            for act in acts if turn % 2 else reversed(acts):
                act()
            say(f"round {turn + 1}: hotelctl {found.ours_s[-1]:.2f} s, bare {found.bare_s[-1]:.2f} s")
    found.load = os.getloadavg()[1]
    return found


def _deployed(site: Site, found: Found) -> None:
    site.change()
    began = time.time()
    with found.ours_used.measuring():
        site.deploy().expect(0)
    ended, records = time.time(), site.records()
    taken = spans(began, records, _docker_evidence(site))
    for name, seconds in taken.items():
        found.parts_s[name].append(seconds)
    found.after_s.append(ended - _at(_flip(records)))


def _docker_evidence(site: Site) -> list[dict[str, Any]]:
    lines = (site.root / "reports" / "latest" / "evidence.jsonl").read_text().splitlines()
    # What an earlier deploy did is told again where its answer was kept.
    return [one for one in map(json.loads, lines) if one["adapter"] == "docker" and "cached" not in one]


def spans(began: float, records: Sequence[Record], docker: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The seconds of each part of a deploy; all together they are the time until people are served.

    The moments between two steps belong to the one that comes.
    """
    ends = {record.step: _at(record) for record in records if record.kind is Kind.DONE}
    ends["switch"] = _at(_flip(records))
    before = {"lock": _at(next(record for record in records if record.step == "lock"))}
    order = ["lock", "preflight", "test", "build", "backup", "prove", "migrate", "stage", "switch"]
    taken = {"start": before["lock"] - began}
    for step, last in zip(order, [before["lock"], *(ends[one] for one in order)], strict=False):
        taken[step] = ends[step] - last
    image = sum(one["duration_s"] for one in docker if one["operation"] == "build")
    read = sum(one.get("saved_s", 0.0) + one.get("looked_s", 0.0) for one in docker)
    whole, flip = taken.pop("build"), taken.pop("switch")
    return taken | {"artifact": whole - image - read, "image": image, "read": read, "flip": flip}


def _flip(records: Sequence[Record]) -> Record:
    return next(record for record in records if record.kind is Kind.EFFECT and TRAFFIC in record.data)


def _at(record: Record) -> float:
    return datetime.fromisoformat(record.ts_utc).timestamp()


def _bare(client: "DockerClient", site: Site, context: Path, found: Found) -> None:
    site.change()
    image = (
        f"bare-{site.root.parent.name.lower().replace('_', '-')}:{git(site.root, 'rev-parse', 'HEAD')[:12]}"
    )
    name = image.replace(":", "-")
    words = {"context": context, "root": site.root, "image": image, "name": name, "port": free_port()}
    quoted = {key: shlex.quote(str(value)) for key, value in words.items()}
    script = _BARE.format(**quoted, options=shlex.join(_options(site)))
    argv = ["/usr/bin/env", "bash", "-c", script]
    try:
        with found.bare_used.measuring():
            ended = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=_LIMIT_S)
        found.image_bytes = int(client.images.get(image).attrs["Size"])
    finally:
        for one in client.containers.list(all=True, filters={"name": f"^/{name}$"}):
            one.remove(force=True)
        if client.images.list(image):
            client.images.remove(image)
    began, built, ready = map(float, ended.stdout.splitlines()[-1].split())
    found.build_s.append(built - began)
    found.run_s.append(ready - built)


def _options(site: Site) -> list[str]:
    """What leads the container to the database that the deployed ones use."""
    socket = site.places.postgres / _SOCKET
    file = next(iter(sorted(site.state.glob("releases/*/contained/env"))))
    told = dict(line.split("=", 1) for line in file.read_text().splitlines())
    (url,) = shlex.split(told["NOTES_DATABASE_URL"])
    return ["--volume", f"{socket}:{socket}", "--env", f"NOTES_DATABASE_URL={url}"]


_PAGE = """# What a deploy of containers costs beside bare docker

Written by `python benchmarks/docker_overhead.py`; do not edit. {when}, {cores} cores, Python {python},
engine {engine}; {load:.0f} programs wanted a processor meanwhile. The second service (`tests/services/plain`)
as an image of {size:.0f} MB; rounds: {rounds}. In each a deploy by hotelctl and a bare script, now the one
first and now the other, each of a new commit, so that the engine's cache helps both alike. Median (least to
most).

| from the commit until people are served | seconds |
|---|---|
| bare: `docker build` | {build} |
| bare: `docker run`, until `/ready` answers | {run} |
| **bare, all of it** | **{bare}** |
| **hotelctl, all of it** | **{ours}** |

**Goal: at most {goal:g} times the bare script, and the backup's own time. {verdict}**
{missed}
A bare script neither tests, nor backs up, nor proves, nor looks into what it built. What each of these costs:

| part of a deploy | what it does | seconds |
|---|---|---|
{parts}

What both do: the image was built in {image:.2f} s by hotelctl, in {built:.2f} s by the script.

Seconds of the processor, the end of a deploy among them; what others asked of the engine meanwhile counts,
too:

| | programs | the engine |
|---|---|---|
| bare | {bare_programs} | {bare_engine} |
| hotelctl | {ours_programs} | {ours_engine} |

When people are served, a deploy goes on for {after} s: it watches the new release, and tidies up.
"""
_MISSED = """
It takes {more:.1f} s longer. They follow from the image's size (the engine saves all of it; layers that an
earlier deploy judged are not read), from the tests, the database and the start of the service, not from how
long the image is built: beside a build that makes the bare script take {enough:.0f} s, they would be
{share:.0%} of it.
"""


def page(found: Found, engine: str) -> str:
    """The figures, and whether the goal was reached."""
    rows = (f"| {name} | {_PARTS[name]} | {told(taken)} |" for name, taken in found.parts_s.items())
    reached = found.ratio <= GOAL
    more = median(found.ours_s) - median(found.parts_s["backup"]) - median(found.bare_s)
    missed = _MISSED.format(more=more, enough=more / (GOAL - 1), share=GOAL - 1)
    return _PAGE.format(
        when=time.strftime("%Y-%m-%d", time.gmtime()),
        cores=os.cpu_count(),
        python=platform.python_version(),
        engine=engine,
        load=found.load,
        size=found.image_bytes / 1e6,
        rounds=len(found.bare_s),
        build=told(found.build_s),
        run=told(found.run_s),
        bare=told(found.bare_s),
        ours=told(found.ours_s),
        goal=GOAL,
        verdict=f"{'Reached' if reached else 'Missed'}: {found.ratio:.2f} times.",
        missed="" if reached else missed,
        parts="\n".join(rows),
        image=median(found.parts_s["image"]),
        built=median(found.build_s),
        bare_programs=told(found.bare_used.programs_s),
        bare_engine=told(found.bare_used.engine_s),
        ours_programs=told(found.ours_used.programs_s),
        ours_engine=told(found.ours_used.engine_s),
        after=told(found.after_s),
    )


def told(taken: Sequence[float]) -> str:
    """Median, least and most."""
    return f"{median(taken):.2f} ({min(taken):.2f} to {max(taken):.2f})"


def say(line: str) -> None:
    """To whoever waits."""
    sys.stderr.write(f"{line}\n")


def main(words: Sequence[str] | None = None) -> int:
    """0 when the goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"  [default: {ROUNDS}]")
    parser.add_argument("--page", type=Path, default=PAGE, metavar="FILE", help="where the page goes")
    asked = parser.parse_args(words)
    with berth() as (client, site):
        found = measured(client, site, asked.rounds)
        engine = str(client.version()["Version"])
    text = page(found, engine)
    asked.page.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return int(found.ratio > GOAL)


if __name__ == "__main__":
    sys.exit(main())
