"""One plan driven while the cores are watched; trials that others disturbed are told apart."""

import os
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.service.figures import Spread, Statements, percentile_ms
from benchmarks.service.generator import Outcome, Plan, drive
from benchmarks.service.meter import Meter, Usage
from benchmarks.service.scenarios import Scenario
from benchmarks.service.world import OPS_TOKEN

PERCENTILES = (50, 95, 99, 100)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it, who used the cores, and what the service said of its statements meanwhile."""

    outcome: Outcome
    usage: Usage
    load_average: float
    statements: Statements

    def row(self) -> dict[str, Any]:
        """Its figures as data."""
        outcome, usage = self.outcome, self.usage
        failed = sum(latency is None for latency in outcome.latencies_s)
        return {
            "n": len(outcome.latencies_s),
            "failed": failed,
            "errors": outcome.errors,
            "first_failures": outcome.failures,
            **{f"p{share}_ms": percentile_ms(outcome.latencies_s, share) for share in PERCENTILES},
            "wanted_rate": outcome.wanted_rate,
            "achieved_rate": outcome.achieved_rate,
            "cpu_share": {name: usage.share(name) for name in usage.by},
            "load_average": self.load_average,
            "disturbed": usage.disturbed,
            "statements": self.statements.count,
            "statement_p95_ms": self.statements.percentile_ms(95),
            "slowest_statement": self.statements.slowest_ms(),
        }


def metrics(base_url: str) -> str:
    """What the service tells operators of itself."""
    asked = urllib.request.Request(f"{base_url}/metrics", headers={"Authorization": f"Bearer {OPS_TOKEN}"})  # noqa: S310 - this machine
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - same
        return str(answer.read().decode())


def statements(base_url: str) -> Statements:
    """What the service tells of its statements so far."""
    return Statements.read(metrics(base_url))


def tried(plan: Plan, meter: Meter, service_url: str) -> Trial:
    """The trial of one plan."""
    before = statements(service_url)
    with meter.span() as usage:
        outcome = drive(plan)
    return Trial(outcome, usage, os.getloadavg()[0], statements(service_url).since(before))


@dataclass(frozen=True, slots=True)
class Subject:
    """A scenario and the server that it is asked of."""

    scenario: Scenario
    base_url: str

    def plan(self, rate: float, seconds: float, warm_s: float, timeout_s: float = 10) -> Plan:
        """Its requests at a rate."""
        scenario = self.scenario
        return Plan(
            self.base_url, scenario.requests, scenario.good, rate, seconds, warm_s, timeout_s=timeout_s
        )


def quiet(trials: Sequence[Trial]) -> list[Trial]:
    """Those that nobody disturbed."""
    return [trial for trial in trials if not trial.usage.disturbed]


def rounds(
    names: Sequence[str], count: int, run: Callable[[str], Trial], say: Callable[[str], None]
) -> dict[str, list[Trial]]:
    """At least `count` trials of each, in turn; disturbed ones again, at most as often once more."""
    found: dict[str, list[Trial]] = {name: [] for name in names}
    for turn in range(2 * count):
        for name in names:
            if turn < count or len(quiet(found[name])) < count:
                found[name].append(run(name))
        say(
            f"round {turn + 1}: "
            + ", ".join(f"{name} {len(quiet(found[name]))}" for name in names)
            + " quiet"
        )
        if turn + 1 >= count and all(len(quiet(found[name])) >= count for name in names):
            break
    return found


def summary(trials: Sequence[Trial]) -> dict[str, Any]:
    """Medians and spread of the quiet ones; of all, marked so, where there is none."""
    chosen = quiet(trials) or trials
    rows = [trial.row() for trial in chosen]
    counted = [f"p{share}_ms" for share in PERCENTILES] + ["achieved_rate", "statement_p95_ms"]
    used = {name for row in rows for name in row["cpu_share"]}
    return {
        "rounds": len(rows),
        "disturbed_rounds": len(trials) - len(quiet(trials)),
        "n": sum(row["n"] for row in rows),
        "least_n": min(row["n"] for row in rows),
        "failed": sum(row["failed"] for row in rows),
        "wanted_rate": rows[0]["wanted_rate"],
        **{name: Spread.of([row[name] for row in rows]) for name in counted},
        "cpu_share": {name: Spread.of([row["cpu_share"][name] for row in rows]) for name in sorted(used)},
        "slowest_statement": max(
            (r["slowest_statement"] for r in rows if r["slowest_statement"]), key=lambda s: s[1], default=None
        ),
        "all_rounds": [trial.row() for trial in trials],
    }
