"""The whole measurement, from an empty directory to its figures."""

import platform
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import psutil

from benchmarks.service.big import grow
from benchmarks.service.capacity import Kept, kept
from benchmarks.service.figures import Spread
from benchmarks.service.first_token import first_token_time, streamed
from benchmarks.service.meter import Meter
from benchmarks.service.pages import page_time, visits
from benchmarks.service.reads import reads
from benchmarks.service.scenarios import entry_reads, scenarios
from benchmarks.service.seeding import Size
from benchmarks.service.sending import RouteTime, Send, Sent, route_time
from benchmarks.service.soak import Soak, soak
from benchmarks.service.trial import Subject, Trial, rounds, summary, tried
from benchmarks.service.world import World, world
from benchmarks.service.writes import writes
from tests.app_system.instances import Instance

MIXED = "all four mixed"
ENTRY = "entry by key"
BARE_DRIVER = "bare, psycopg"
BARE_ENGINE = "bare, SQLAlchemy"
SERVERS = {ENTRY: "service", BARE_DRIVER: "bare", BARE_ENGINE: "bare"}
# In this order; what is written, and the hotel that grows, come after what is only read.
PARTS = ("scenarios", "capacity", "pages", "reads", "writes", "first-token", "big-hotel", "soak")
_START = 100.0


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    size: Size
    rounds: int
    rate: float
    seconds: float
    warm_s: float
    trial_s: float
    page_loads: int
    alone: int
    """Requests of each route that are sent one after the other."""
    soak_minutes: float


class Measurement:
    """One run on two servers that stand beside each other."""

    def __init__(self, extent: Extent, place: World, service: Instance, bare: Instance) -> None:
        self._extent = extent
        self._place = place
        self._service = service
        self._meter = Meter(place.pgdata, service=service.process.pid, bare=bare.process.pid)
        url = place.owner_url
        self._subjects = {
            one.name: Subject(one, service.base_url) for one in scenarios(url, extent.size.hotels)
        } | {
            ENTRY: Subject(entry_reads(url, lambda i: f"/api/knowledge/{i}", known=True), service.base_url),
            BARE_DRIVER: Subject(entry_reads(url, lambda i: f"/driver/{i}", known=False), bare.base_url),
            BARE_ENGINE: Subject(entry_reads(url, lambda i: f"/engine/{i}", known=False), bare.base_url),
        }

    def of(self, parts: Sequence[str]) -> dict[str, Any]:
        """What was found in these parts, as data, in the order of `PARTS`."""
        found: dict[str, Any] = {"extent": asdict(self._extent), "machine": machine(self._place)}
        for name in (name for name in PARTS if name in parts):
            say(f"{name}:")
            with self._meter.span() as usage:
                found[name] = getattr(self, f"_{name.replace('-', '_')}")()
            say(f"{name}: done; others used {usage.share('others'):.0%} of the cores")
        return found

    def _scenarios(self) -> dict[str, Any]:
        trials = rounds(list(self._subjects), self._extent.rounds, self._at_rate, say)
        return {name: summary(found) for name, found in trials.items()}

    def _pages(self) -> list[dict[str, Any]]:
        loads = visits(self._place.owner_url, self._extent.page_loads)
        return [asdict(page_time(self._service.base_url, route, each)) for route, each in loads.items()]

    def _reads(self) -> list[dict[str, Any]]:
        return self._alone(reads(self._place.owner_url, self._extent.alone))

    def _writes(self) -> list[dict[str, Any]]:
        return self._alone(writes(self._place.owner_url, self._extent.alone))

    def _alone(self, routes: Mapping[str, Sequence[Callable[[Send], Sent]]]) -> list[dict[str, Any]]:
        url = self._service.base_url
        return [asdict(route_time(url, route, each)) for route, each in routes.items()]

    def _first_token(self) -> list[dict[str, Any]]:
        each = streamed(self._place.owner_url, self._extent.alone)
        return [asdict(self._first_words("a hotel of usual size", each))]

    def _big_hotel(self) -> dict[str, Any]:
        """The last hotel grows; whoever asks the others does not notice."""
        big, times = grow(self._place.owner_url, self._extent.size.hotels), self._extent.alone
        streams = [big.question(number, streams=True) for number in range(times)]
        return {
            "routes": self._alone(big.routes(times)),
            "first-token": [asdict(self._first_words("the big hotel", streams))],
        }

    def _first_words(self, where: str, each: Sequence[Sent]) -> RouteTime:
        return first_token_time(self._service.base_url, where, each)

    def _at_rate(self, name: str) -> Trial:
        extent = self._extent
        plan = self._subjects[name].plan(extent.rate, extent.seconds, extent.warm_s)
        return tried(plan, self._meter, self._service.base_url)

    def _capacity(self) -> dict[str, Any]:
        starts = dict.fromkeys(SERVERS, _START)
        found: dict[str, list[Kept]] = {name: [] for name in SERVERS}
        for turn in range(self._extent.rounds):
            for name, server in SERVERS.items():
                found[name].append(kept(partial(self._trial, name), starts[name], server))
                starts[name] = max(_START / 10, found[name][-1].rate)
            rates = ", ".join(f"{name} {each[-1].rate:.0f}/s" for name, each in found.items())
            say(f"capacity {turn + 1}: {rates}")
        return {name: capacity_row(each, found[ENTRY]) for name, each in found.items()}

    def _trial(self, name: str, rate: float) -> Trial:
        extent = self._extent
        plan = self._subjects[name].plan(rate, extent.trial_s, extent.trial_s / 2, timeout_s=2)
        return tried(plan, self._meter, self._service.base_url)

    def _soak(self) -> dict[str, Any]:
        return _soak_row(self._soaked())

    def _soaked(self) -> Soak:
        extent = self._extent
        seconds = extent.soak_minutes * 60
        plan = self._subjects[MIXED].plan(extent.rate, seconds, min(60.0, seconds / 5))
        return soak(plan, self._service, self._meter)


def capacity_row(each: list[Kept], entry: list[Kept]) -> dict[str, Any]:
    """The rates of one, and of each round what the entry's rate is beside it."""
    pairs = [mine.rate / other.rate if other.rate else 0.0 for mine, other in zip(entry, each, strict=True)]
    return {
        "rate": Spread.of([one.rate for one in each]),
        "server_cpu_ms": Spread.of([one.server_cpu_ms for one in each]),
        "generator_share": statistics.median(one.generator_share for one in each),
        "entry_ratio": Spread.of(pairs),
        "rounds": len(each),
        "disturbed_rounds": sum(one.disturbed for one in each),
    }


def _soak_row(found: Soak) -> dict[str, Any]:
    return {
        "minutes": found.minutes,
        "samples": found.samples,
        "growth_mb_per_min": asdict(found.growth),
        "flat": found.flat,
        "pool": asdict(found.pool),
        "bad_lines": found.bad_lines,
        "load": found.trial.row(),
    }


def machine(place: World) -> Mapping[str, str]:
    """What it was measured on, in general words."""
    return {
        "cores": str(psutil.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "database": place.postgres_version,
        "python": f"Python {platform.python_version()}",
    }


def say(line: str) -> None:
    """Tells whoever waits how far it is."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def measure(extent: Extent, parts: Sequence[str] = PARTS) -> dict[str, Any]:
    """What was found in these parts, as data; nothing is left behind."""
    with world(extent.size) as place, place.service() as service, place.bare() as bare:
        return Measurement(extent, place, service, bare).of(parts)
