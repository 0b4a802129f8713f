"""Deploys and rollbacks amid a crowd that asks and never tries twice: shows of benchmarks/reliability.py."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any, Literal

from benchmarks.crowd import Crowd, Told, gathered
from benchmarks.service.figures import percentile_ms
from hotelctl.adapters.docker_engine import docker_engine
from hotelctl.deploy.journal import TRAFFIC, Kind
from tests.system.conftest import a_site
from tests.system.lively import enliven
from tests.system.site import Site
from tests.system.tidiness import serving
from tests.system.wharf import cleared, driven, on_docker

DEPLOYS, CALM_S = 10, 30.0
P99_TIMES, FLIP_S, WARM_S = 2.0, 0.010, 1.0
_SETTLING_S = 3.0


@dataclass
class _Times:
    """Unix times and seconds of what was done amid the crowd."""

    began: float = 0.0
    ended: float = 0.0
    deploys_s: list[float] = field(default_factory=list)
    flips_s: list[float] = field(default_factory=list)
    answered_s: list[float] = field(default_factory=list)
    warm_s: list[float] = field(default_factory=list)
    cold_s: list[float] = field(default_factory=list)


def processes() -> Iterator[dict[str, Any]]:
    """On the target process."""
    yield crowded("process", Crowd())


def containers() -> Iterator[dict[str, Any]]:
    """On the target docker."""
    yield crowded("docker", Crowd())


def crowded(
    target: Literal["process", "docker"], crowd: Crowd, deploys: int = DEPLOYS, calm_s: float = CALM_S
) -> dict[str, Any]:
    """Of `deploys` one after the other, then three rollbacks to what is warm and two to what was stopped."""
    times = _Times()
    with _site(target) as site:
        enliven(site)
        site.deploy().expect(0)
        site.change()
        site.deploy().expect(0)
        with gathered(site.url, crowd) as told:
            time.sleep(calm_s)
            times.began = time.time()
            for _ in range(deploys):
                _deploy(site, times)
            times.ended = time.time()
            _roll_back(site, times)
        return _found(told, times, crowd, target)


@contextmanager
def _site(target: str) -> Iterator[Site]:
    with ExitStack() as opened:
        site = opened.enter_context(a_site(words=""))
        if target == "docker":
            client = opened.enter_context(docker_engine(os.environ, 120))
            driven(client)
            on_docker(opened.enter_context(cleared(client, site)))
        yield site


def _deploy(site: Site, times: _Times) -> None:
    site.change()
    began = time.monotonic()
    site.deploy().expect(0)
    times.deploys_s.append(time.monotonic() - began)
    _flip(site, times)


def _roll_back(site: Site, times: _Times) -> None:
    """To the one before, which is warm, and on again, and back; then to older ones, which were stopped."""
    newest, before, *older = sorted(
        (path.parent.name for path in site.state.glob("releases/*/good.json")), reverse=True
    )
    for name in (before, newest, before):
        times.warm_s.append(_back_s(site, name))
        _flip(site, times)
    for name in older[:2]:
        times.cold_s.append(_back_s(site, name))
        _flip(site, times)


def _back_s(site: Site, release: str) -> float:
    """From the start of the command until the pointer was moved."""
    began = time.time()
    site.run("rollback", "--to", release, "--yes").expect(0)
    if serving(site) != release:
        raise SystemExit(f"{release} does not serve after a rollback to it")
    moved = [one for one in site.records() if one.kind is Kind.EFFECT and one.data.get(TRAFFIC) == release]
    return datetime.fromisoformat(moved[-1].ts_utc).timestamp() - began


def _flip(site: Site, times: _Times) -> None:
    """As the newest operation tells it: the act alone, and until the new release had answered."""
    (done,) = (r.data for r in site.records() if (r.step, r.kind) == ("switch", Kind.DONE))
    times.flips_s.append(float(done["act_s"]))
    times.answered_s.append(float(done["flip_s"]))


def _found(told: Told, times: _Times, crowd: Crowd, target: str) -> dict[str, Any]:
    before = told.latencies(told.ends[0][0] + _SETTLING_S, times.began)
    during = told.latencies(times.began, times.ended)
    p99_ms = [percentile_ms(taken, 99) or 0.0 for taken in (before, during)]
    failed = sum(told.failed.values())
    goals = {
        "no request failed": not failed,
        f"p99 at most {P99_TIMES:g} times that before": p99_ms[1] <= P99_TIMES * p99_ms[0],
        f"flips under {FLIP_S * 1000:g} ms": max(times.flips_s) < FLIP_S,
        f"warm rollbacks within {WARM_S:g} s": max(times.warm_s) <= WARM_S,
    }
    return {
        "target": target,
        "deploys": len(times.deploys_s),
        "rate": crowd.rate,
        "sent": told.sent,
        "failed": told.failed,
        "failures": told.failures,
        "p99_ms": p99_ms,
        "n": [len(before), len(during)],
        "deploys_s": times.deploys_s,
        "flips_s": times.flips_s,
        "answered_s": times.answered_s,
        "warm_s": times.warm_s,
        "cold_s": times.cold_s,
        "crowd_cores": told.cpu_s / told.duration_s,
        "goals": goals,
        "good": all(goals.values()),
    }


def told(found: Mapping[str, Any]) -> str:
    """The figures as a table, with the goals that were missed."""
    sent, lost = found["sent"], found["failed"]
    counts = ", ".join(f"{lost[name]} of {count:,} {name}" for name, count in sent.items())
    before, during = found["p99_ms"]
    missed = [name for name, kept in found["goals"].items() if not kept]
    rows = [
        f"| failed | 0 | {counts} |",
        f"| p99 of ordinary ones | {P99_TIMES:g} times {before:.1f} ms, as before | {during:.1f} ms |",
        f"| a flip | < {FLIP_S * 1000:g} ms | {_spread(found['flips_s'], 1000)} ms |",
        f"| the first answer after it | | {_spread(found['answered_s'], 1000)} ms |",
        f"| rollback to a warm release, until the flip | {WARM_S:g} s | {_spread(found['warm_s'])} s |",
        f"| the same to one that was stopped | its start + 2 s | {_spread(found['cold_s'])} s |",
        f"| a deploy | | {_spread(found['deploys_s'])} s |",
    ]
    said = f"\n\nMissed: {'; '.join(missed)}." if missed else ""
    crowd = f"\n\nThe crowd itself took {found['crowd_cores']:.2f} of a core."
    return "\n".join(["| of | goal | found |", "|---|---|---|", *rows]) + said + crowd


def _spread(taken: list[float], times: float = 1) -> str:
    values = sorted(one * times for one in taken)
    if not values:
        return "none"
    return f"{median(values):.2f} ({values[0]:.2f} to {values[-1]:.2f}, n = {len(values)})"
