"""`bench`: the release that serves is loaded through the edge, and what came of it is kept."""

import os
import socket
import sys
import time
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.memory import Watch, watched
from hotelctl.cli._broken_off import gone_when_broken_off
from hotelctl.cli._outdated import prune_measurements
from hotelctl.cli._reach import machinery, unreached
from hotelctl.cli._serving import process_of, serving
from hotelctl.cli._shelf import report_id
from hotelctl.cli._target import edge_url
from hotelctl.cli._version import installed_version
from hotelctl.cli._wiring import Asked, Wiring, configure, health_of, layout_of, wired
from hotelctl.config.load import Configuration
from hotelctl.core.errors import UsageError
from hotelctl.core.ports import Command
from hotelctl.core.progress import Observer
from hotelctl.deploy.release import Release
from hotelctl.deploy.targets import far_record
from hotelctl.deploy.targets.places import Places
from hotelctl.facts.load_measurement import (
    FILE_NAME,
    LoadMeasurement,
    LoadOutcome,
    LoadPlan,
    MeasuredLoad,
    MemorySample,
    MemoryUse,
)
from hotelctl.facts.memory import megabytes, peak_bytes
from hotelctl.facts.speed import error_share, milliseconds
from hotelctl.render.facts import Rows
from hotelctl.render.progress import progress

_GRACE_S = 60.0
_DONE = "done"


def measured(asked: Asked, *, quiet: bool, no_color: bool) -> Rows:
    """Every load of the service file, one after another; the measurement is on the disk when this returns.

    Raises:
        UsageError: no load is named, nothing serves, nobody can reach it, or another release came meanwhile.
        Diverged: nobody can tell what serves.

    """
    configuration = configure(asked)
    if not configuration.spec.performance:
        raise UsageError(
            f"{configuration.file}: names no load", "write one as [performance.NAME], see docs/performance.md"
        )
    release = serving(configuration)
    began = SystemClock().now()
    name = report_id(began, release.commit)
    place = layout_of(configuration).measurement(name)
    with (
        gone_when_broken_off(place),
        wired(configuration, place, {"commit": release.commit}, start_database=False) as wiring,
        progress(wiring.redactor, quiet=quiet, no_color=no_color) as observer,
    ):
        _require_reached(wiring, release)
        made = _measurement(wiring, release, name, began, _loads(wiring, release, observer))
        if serving(configuration) != release:
            raise UsageError("another release came to serve meanwhile", "hotelctl bench measures that one")
        wiring.ports.files.write_durable(place / FILE_NAME, made.model_dump_json(indent=1).encode())
        gone = prune_measurements(wiring.ports.files, wiring.layout, configuration)
    return _rows(made, place / FILE_NAME, configuration, gone)


def _require_reached(wiring: Wiring, release: Release) -> None:
    configuration = wiring.configuration
    why = unreached(
        health_of(configuration, release.id),
        machinery(wiring.layout.state),
        configuration.environment.port,
        release.commit,
        wiring.ports.http,
        url=edge_url(configuration),
    )
    if why is not None:
        raise UsageError(f"what serves cannot be loaded: {why}", "hotelctl status tells what runs")


def _loads(wiring: Wiring, release: Release, observer: Observer) -> tuple[MeasuredLoad, ...]:
    said = wiring.configuration.spec.performance
    found = []
    for n, (name, load) in enumerate(said.items(), start=1):
        plan, started = load.plan, wiring.ports.clock.monotonic()
        title = f"{plan.rate:g} requests a second of {plan.path} for {plan.warm_up_s:g} + {plan.seconds:g} s"
        observer.began(n, len(said), name, title)
        found.append(_load(wiring, release, name, plan))
        observer.ended(_DONE, title, wiring.ports.clock.monotonic() - started)
    return tuple(found)


def _load(wiring: Wiring, release: Release, name: str, plan: LoadPlan) -> MeasuredLoad:
    started_at = wiring.ports.clock.now()
    # Not from the project's directory: no module that lies there may take the place of one of hotelctl's.
    command = Command(
        (sys.executable, "-P", "-m", "hotelctl.adapters.load", edge_url(wiring.configuration)),
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        timeout_s=plan.warm_up_s + plan.seconds + plan.timeout_s + _GRACE_S,
        stdin=plan.model_dump_json().encode(),
    )
    with watched(process_of(wiring.configuration, release)) as watch:
        ended = wiring.ports.processes.run(command)
        over_s = time.monotonic()
    if not ended.ok:
        why = "did not end in time" if ended.timed_out else ended.tail(1)
        raise UsageError(f"the generator of load {name} failed: {why}", "hotelctl bench tries again")
    outcome = LoadOutcome.model_validate_json(ended.stdout)
    return MeasuredLoad(
        name=name,
        started_at=started_at,
        plan=plan,
        outcome=outcome,
        evidence=ended.evidence,
        memory=_memory(wiring, watch, over_s - outcome.duration_s),
    )


def _memory(wiring: Wiring, watch: Watch, began_s: float) -> MemoryUse:
    """What was seen since the load began; before that, its generator was still being started."""
    found = [
        MemorySample(at_s=round(at - began_s, 3), resident_bytes=held)
        for at, held in watch.samples
        if at >= began_s
    ]
    said = {"every_s": watch.every_s, "samples": len(found), "trouble": watch.trouble}
    lines = "".join(f"{sample.at_s:.3f} s {sample.resident_bytes} bytes\n" for sample in found)
    evidence = wiring.ports.evidence.record("memory", said, lines)
    return MemoryUse(every_s=watch.every_s, samples=tuple(found), trouble=watch.trouble, evidence=evidence)


def _measurement(
    wiring: Wiring, release: Release, name: str, began: datetime, loads: tuple[MeasuredLoad, ...]
) -> LoadMeasurement:
    configuration, url = wiring.configuration, edge_url(wiring.configuration)
    # Of an engine elsewhere it is the near end of a way there that is of this host.
    here = far_record.load(Places(wiring.layout.state)) is None
    return LoadMeasurement(
        id=name,
        hotelctl=installed_version(),
        service=configuration.spec.service.name,
        environment=configuration.environment_name,
        release=release.id,
        commit=release.commit,
        url=url,
        host=socket.gethostname(),
        cores=os.cpu_count() or 1,
        same_host=here and ip_address(urlsplit(url).hostname or "").is_loopback,
        started_at=began,
        loads=loads,
    )


def _rows(made: LoadMeasurement, path: Path, configuration: Configuration, gone: tuple[str, ...]) -> Rows:
    inside = path.is_relative_to(configuration.project)
    shown = str(path.relative_to(configuration.project)) if inside else str(path)
    raw: dict[str, Any] = {**made.model_dump(mode="json"), "path": shown, "pruned": list(gone)}
    return Rows([_line(one) for one in made.loads], raw)


def _line(one: MeasuredLoad) -> dict[str, Any]:
    found, peak = one.outcome, peak_bytes(one)
    return {
        "load": one.name,
        "n": found.n,
        "rate": f"{one.achieved_rate:.1f} of {one.plan.rate:g}/s",
        "p50": milliseconds(found.p50.value_s),
        "p95": milliseconds(found.p95.value_s),
        "p99": milliseconds(found.p99.value_s),
        "max": milliseconds(found.max_s),
        "memory": "" if peak is None else megabytes(peak),
        "failed": f"{error_share(one):.2%}" if found.failed else "",
        "generator": f"{found.cores:.2f} cores",
    }
