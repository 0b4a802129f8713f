import threading
from functools import wraps
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from hotelctl.adapters.files import LocalFiles
from hotelctl.cli import _context
from hotelctl.cli._context import _journals, judge_stage
from hotelctl.cli._judging import Bench
from hotelctl.cli._wiring import Wiring
from hotelctl.core.check import Stage
from hotelctl.core.judging import Probe
from hotelctl.core.report import CheckResult, Policy, Status, blocking
from hotelctl.deploy.layout import Layout
from hotelctl.facts.read_layers import ReadLayers
from hotelctl.probes.registry import PROBES
from tests.config.test_waivers import ENTRY
from tests.fakes.evidence import FakeEvidence
from tests.probes.worlds import World

WAIVED = ENTRY.replace("ENV016", "OPS001").replace(".env.local", "left.txt")


def judged(world: World) -> dict[str, CheckResult]:
    """What a deploy's first step judges before anything is changed."""
    wiring = cast("Wiring", SimpleNamespace(ports=SimpleNamespace(evidence=world.evidence)))
    return {result.info.id: result for result in judge_stage(wiring, world.context(), Stage.PREFLIGHT, ())}


@pytest.fixture
def world() -> World:
    made = World(database=None, migrations=None)
    made.database_url = None
    made.repository.dirty = ("left.txt",)
    return made


def test_without_waivers_a_finding_counts(world: World) -> None:
    found = judged(world)
    assert [f.finding.subject for f in blocking([found["OPS001"]], Policy())] == ["left.txt"]
    assert found["SEC023"].status is Status.NOT_APPLICABLE


def test_a_deploy_goes_by_the_same_waivers_as_a_validation(world: World) -> None:
    world.write("waivers.toml", WAIVED)
    found = judged(world)
    assert (found["OPS001"].status, found["OPS001"].findings[0].waiver is None) == (Status.WAIVED, False)
    assert blocking([found["OPS001"]], Policy()) == ()
    assert (found["SEC023"].status, found["OPS012"].status) == (Status.PASSED, Status.WARNED)


def test_a_file_that_was_spoilt_meanwhile_waives_nothing(world: World) -> None:
    world.write("waivers.toml", WAIVED.replace("reason", "raeson"))
    found = judged(world)
    assert found["OPS001"].status is Status.FAILED
    assert found["SEC023"].status is Status.UNKNOWN


def test_a_deploy_does_not_wait_for_one_slow_fact_before_it_asks_for_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first probe waits for a second one to begin; one after the other, none would ever end."""
    met, known = threading.Barrier(2, timeout=60), set[int]()

    def in_company(probe: Probe) -> Probe:
        @wraps(probe)
        def asked(*given: object) -> object:
            if threading.get_ident() not in known:
                known.add(threading.get_ident())
                met.wait()
            return probe(*given)

        return asked

    monkeypatch.setattr(_context, "IN_A_DEPLOY", {fact: in_company(probe) for fact, probe in PROBES.items()})
    assert judged(world)["OPS001"].status is Status.FAILED
    assert len(known) > 1


def test_the_layers_of_an_image_are_read_beside_all_checks_of_a_build(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def read(_context: object) -> ReadLayers:
        begun.set()
        return ReadLayers((), (), ())

    def judge(*_: object) -> tuple[CheckResult, ...]:
        assert begun.wait(60), "no check was begun, and none need be"
        return ()

    monkeypatch.setattr(_context, "IN_A_DEPLOY", {**PROBES, ReadLayers: read})
    monkeypatch.setattr(Bench, "judge", judge)
    wiring = cast("Wiring", SimpleNamespace(ports=SimpleNamespace(evidence=world.evidence)))
    assert judge_stage(wiring, world.context(), Stage.BUILD, ()) == ()


def test_a_journal_of_what_is_no_operation_is_not_asked(tmp_path: Path) -> None:
    layout, name = Layout(tmp_path), "20260301T120000000Z-aaaaaaaaaaaa"
    for one in (name, "old", f"{name}.bak"):
        layout.deploy(one).mkdir(parents=True)
        layout.journal(one).touch()
    files = LocalFiles(FakeEvidence(), tmp_path)
    wiring = cast("Wiring", SimpleNamespace(layout=layout, ports=SimpleNamespace(files=files)))
    assert _journals(wiring) == (layout.journal(name),)
