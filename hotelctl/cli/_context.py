"""The facts of an environment as checks ask for them."""

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from hotelctl.checks.rules import rules
from hotelctl.cli._judging import Bench, begin_awaited
from hotelctl.cli._options import JOBS
from hotelctl.cli._target import edge_url
from hotelctl.cli._waiving import Waiving
from hotelctl.cli._wiring import Wiring
from hotelctl.core.check import Stage
from hotelctl.core.judging import FactStore
from hotelctl.core.lazily import made_later
from hotelctl.core.ports import EvidenceLog
from hotelctl.core.progress import Silent
from hotelctl.core.report import CheckResult, Policy
from hotelctl.core.result_json import from_json, to_json
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.naming import is_operation
from hotelctl.deploy.traffic import Traffic
from hotelctl.facts.state_file import read_again
from hotelctl.facts.tracer import Tracer
from hotelctl.probes.context import Context, Serving
from hotelctl.probes.registry import IN_A_DEPLOY

Measured = Sequence[tuple[Any, Sequence[str]]]
"""Facts that somebody measured already, each with the ids of its evidence."""
_WITHOUT = "move it away, then hotelctl resume; the report goes without what was judged there"


def context_of(
    wiring: Wiring, traffic: Traffic, workspace: Path, *, with_external: bool = False, deploying: bool = False
) -> Context:
    """What probes are given."""
    ports = wiring.ports
    return Context(
        configuration=wiring.configuration,
        state=wiring.layout.state,
        environ=wiring.environ,
        release_env=wiring.release_env(),
        database_url=wiring.database_url,
        later=wiring.later,
        serving=_serving(wiring, traffic),
        diverged=traffic.diverged.message if traffic.diverged else "",
        journals=_journals(wiring),
        clock=ports.clock,
        processes=ports.processes,
        files=ports.files,
        repository=ports.repository,
        databases=ports.databases,
        scratch=ports.scratch,
        http=ports.http,
        certificates=ports.certificates,
        names=ports.names,
        abreast=ports.abreast,
        instances=ports.instances,
        work=ports.work,
        tools=ports.tools,
        images=ports.images,
        tracer=made_later(lambda: _tracer(workspace, ports.evidence)),
        vault=ports.vault,
        workspace=workspace,
        mark=wiring.redactor.mark,
        with_external=with_external,
        deploying=deploying,
    )


def _tracer(workspace: Path, evidence: EvidenceLog) -> Tracer:
    from hotelctl.adapters.tracer import WireTracer

    return WireTracer(workspace, evidence)


def _serving(wiring: Wiring, traffic: Traffic) -> Serving | None:
    release = traffic.release
    if release is None:
        return None
    return Serving(release.id, release.commit, edge_url(wiring.configuration), wiring.public_url)


def _journals(wiring: Wiring) -> tuple[Path, ...]:
    found = wiring.ports.files.glob(wiring.layout.state / "deploys", "*/journal.jsonl")
    return tuple(path for path in found if is_operation(path.parent.name))


def judge_stage(
    wiring: Wiring, context: Context, stage: Stage, measured: Measured
) -> tuple[CheckResult, ...]:
    """The results of all checks of `stage`; facts in `measured` are not probed again."""
    evidence, fail_on = wiring.ports.evidence, Policy().fail_on
    store = FactStore(IN_A_DEPLOY, context, evidence)
    for fact, ids in measured:
        store.put(fact, ids)
    checks = [one.check() for one in rules() if one.stage is stage]
    begin_awaited(checks, store)
    return Bench(store, evidence, fail_on, Silent(), Waiving(store, fail_on)).judge(checks, JOBS)


def keep_results(wiring: Wiring, operation_id: str, stage: Stage, results: Sequence[CheckResult]) -> None:
    """Results beside the journal, redacted, so that a resumed operation still reports them."""
    path = wiring.layout.checks(operation_id, stage.value)
    text = wiring.redactor(json.dumps(to_json(results), indent=1))
    wiring.ports.files.write_durable(path, text.encode())


def kept_results(layout: Layout, operation_id: str) -> tuple[CheckResult, ...]:
    """What `keep_results` kept, stage by stage. Raises `UsageError` for a file that was spoilt since."""
    paths = (layout.checks(operation_id, stage.value) for stage in Stage)
    kept = (read_again(path, path.read_bytes(), from_json, _WITHOUT) for path in paths if path.exists())
    return tuple(chain.from_iterable(kept))
