from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.deploy.targets import draining, supervision
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.units import Observed, State, Unit

ENDED = Observed("r1", State.STOPPED, "x", exit_code=0)


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    Places(tmp_path).make()
    log = tmp_path / "service.log"
    log.write_text("bye\nstarted\nbye\n")
    return Unit("r1", ("run",), {}, "/", str(log), 20_001, 5, clean_exit=(0, -15), clean_log="bye")


@pytest.mark.parametrize(
    ("seen", "left", "detail"),
    [
        (ENDED, 0, "exit code 0"),
        (replace(ENDED, exit_code=-15), 0, "exit code -15"),
        (replace(ENDED, log_offset=4), 0, "exit code 0"),
        (replace(ENDED, exit_code=1), 0, "exit code 1"),
        (replace(ENDED, exit_code=None), 0, "exit code unknown"),
        (replace(ENDED, log_offset=15), 0, "no line 'bye' in its log"),
        (ENDED, 2, "2 requests still open at the limit of 5 s"),
        (replace(ENDED, exit_code=-9, log_offset=15), 0, "exit code -9; no line 'bye' in its log"),
    ],
)
def test_the_verdict_names_every_fault(
    tmp_path: Path, unit: Unit, seen: Observed, left: int, detail: str
) -> None:
    seen.store(Places(tmp_path).observed)
    done = draining._verdict(Places(tmp_path), unit, 1.5, left)
    assert (done.waited_s, done.detail) == (1.5, detail)
    assert done.clean is (detail in {"exit code 0", "exit code -15"})


def test_what_never_ran_ended_cleanly(tmp_path: Path, unit: Unit) -> None:
    assert draining._verdict(Places(tmp_path), unit, 0, 0).clean


def test_a_request_that_comes_after_a_moment_without_any_is_waited_for(
    tmp_path: Path, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, counts = Places(tmp_path), iter([0, 1, 0, 0])
    ENDED.store(places.observed)
    monkeypatch.setattr(Edge, "inflight", lambda _edge, _address: next(counts))
    monkeypatch.setattr(draining, "tell", lambda _places, _unit: None)
    monkeypatch.setattr(supervision, "runs", lambda _places, _unit: True)
    monkeypatch.setattr(supervision, "stop", lambda _places, _unit: None)
    assert draining.end(places, Edge(places), unit).detail == "exit code 0"
    assert list(counts) == []
