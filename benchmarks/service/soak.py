"""Whether memory stays flat while the service works for minutes."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.service.figures import Pool, Slope, slope
from benchmarks.service.generator import Plan
from benchmarks.service.meter import Meter, rss_mb
from benchmarks.service.trial import Trial, metrics, tried
from tests.app_system.instances import Instance

SAMPLES = 40
LEAST_SAMPLES = 30
MOST_MB_PER_MIN = 1.0
_BAD = {"error", "critical"}


@dataclass(frozen=True, slots=True)
class Soak:
    """Samples of memory in MB by minute, their slope, the pool, and what the load met meanwhile."""

    minutes: float
    samples: list[tuple[float, float]]
    growth: Slope
    pool: Pool
    """The greatest of each that any sample found."""
    trial: Trial
    bad_lines: int

    @property
    def flat(self) -> bool:
        """Whether nothing speaks for a leak."""
        return self.growth.holds_zero or self.growth.high < MOST_MB_PER_MIN


def soak(plan: Plan, service: Instance, meter: Meter) -> Soak:
    """The soak of one plan: memory is looked at from the end of its warm-up on."""
    before = _bad_lines(service)
    with ThreadPoolExecutor(1) as beside:
        driving = beside.submit(tried, plan, meter, service.base_url)
        time.sleep(plan.warm_s)
        samples, pools, began = [], [], time.monotonic()
        for turn in range(SAMPLES):
            time.sleep(max(0.0, began + turn * plan.seconds / SAMPLES - time.monotonic()))
            samples.append(((time.monotonic() - began) / 60, rss_mb(service.process.pid)))
            pools.append(Pool.read(metrics(service.base_url)))
        trial = driving.result()
    fullest = Pool(*(max(getattr(pool, name) for pool in pools) for name in Pool.__slots__))
    return Soak(plan.seconds / 60, samples, slope(samples), fullest, trial, _bad_lines(service) - before)


def _bad_lines(service: Instance) -> int:
    """How many lines of the service's log tell of an error so far."""
    with service.log.open(encoding="utf-8") as lines:
        return sum(json.loads(line)["level"] in _BAD for line in lines)
