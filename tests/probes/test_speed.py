from dataclasses import replace

import pytest

from hotelctl.core.finding import Location
from hotelctl.facts.load_measurement import LoadMeasurement, MeasuredLoad
from hotelctl.facts.speed import Speed
from hotelctl.probes.registry import OF_WHAT_SERVES, PROBES
from tests.checks.performance import trials
from tests.fakes.repository import COMMIT
from tests.probes.worlds import SERVING, STATE, World

LOAD = {"path": "/ready", "rate": 50, "seconds": 20, "p95_s": 0.2}


def _world(**loads: object) -> World:
    world = World(performance=loads or {"api": LOAD})
    world.serving = replace(SERVING, commit=COMMIT)
    return world


def _keep(world: World, name: str, *loads: MeasuredLoad, release: str = "r1") -> LoadMeasurement:
    kept = trials.measurement(*loads or (trials.load(),), id=name, release=release, commit=COMMIT)
    place = STATE / "measurements" / name / "measurement.json"
    world.files.write_durable(place, kept.model_dump_json().encode())
    return kept


def _doubt(world: World) -> str:
    (trial,) = world.fact(Speed).trials
    assert trial.measured is None
    return str(trial.doubt)


def test_the_newest_of_the_release_that_serves_counts_and_the_one_before_of_another_is_the_former() -> None:
    world = _world()
    _keep(world, "m1", release="r0")
    former = _keep(world, "m2", release="r0")
    _keep(world, "m3")
    kept = _keep(world, "m4")
    _keep(world, "m5", release="r2")
    found: Speed = world.fact(Speed)
    assert (found.measurement, found.former) == (kept, former)
    assert (found.path, found.again) == (".hotelctl/local/measurements/m4/measurement.json", "hotelctl bench")
    (trial,) = found.trials
    assert (trial.measured, trial.doubt) == (kept.loads[0], "")
    assert (trial.target.p95_s, trial.target.max_error_share) == (0.2, 0)
    assert trial.target.place == Location("default", None)
    assert (trial.target.max_memory_bytes, trial.target.max_memory_growth_bytes_per_min) == (None, None)


def test_what_a_load_may_hold_and_grow_by_is_its_target() -> None:
    granted = {"max_memory_bytes": 300_000_000, "max_memory_growth_bytes_per_min": 1_000_000}
    world = _world(api={**LOAD, **granted})
    (trial,) = world.fact(Speed).trials
    found = trial.target
    assert {name: getattr(found, name) for name in granted} == granted


def test_the_first_one_has_no_former() -> None:
    world = _world()
    _keep(world, "m1")
    assert world.fact(Speed).former is None


def test_without_one_of_this_release_nothing_is_known() -> None:
    world = _world()
    assert _doubt(world) == "nothing was measured of release r1"
    _keep(world, "m1", release="r0")
    assert _doubt(world) == "nothing was measured of release r1"


def test_a_release_of_another_commit_tells_nothing_of_head_but_all_of_itself() -> None:
    world = _world()
    _keep(world, "m1")
    world.serving = SERVING
    assert (
        _doubt(world)
        == f"what serves is cccccccccccc, HEAD is {COMMIT[:12]}: HEAD can be measured once it is deployed"
    )
    world.probes = {**PROBES, **OF_WHAT_SERVES}
    assert _doubt(world) == "nothing was measured of release r1"
    world.serving = replace(SERVING, commit=COMMIT)
    assert world.fact(Speed).trials[0].measured is not None


def test_another_load_than_is_asked_for_now_does_not_count() -> None:
    world = _world(api={**LOAD, "rate": 60}, page={**LOAD, "path": "/"})
    _keep(world, "m1")
    first, second = world.fact(Speed).trials
    assert (first.measured, first.doubt) == (None, "default asks for another load than was measured")
    assert (second.measured, second.doubt) == (None, "the newest measurement is without it")


def test_one_that_cannot_be_read_is_never_passed_over_for_an_older_one() -> None:
    world = _world()
    _keep(world, "m1")
    world.files.write_durable(STATE / "measurements" / "m2" / "measurement.json", b"{")
    assert ".hotelctl/local/measurements/m2/measurement.json: cannot be read: it is no" in _doubt(world)
    world.files.remove(STATE / "measurements" / "m2")
    world.files.write_durable(STATE / "measurements" / "m0" / "measurement.json", b"{")
    assert world.fact(Speed).trials[0].measured is not None


@pytest.mark.parametrize("verified", [False, True])
def test_when_the_question_does_not_arise(*, verified: bool) -> None:
    def why_not(world: World) -> str:
        world.probes = {**PROBES, **OF_WHAT_SERVES} if verified else PROBES
        return world.why_not(Speed)

    world = World()
    world.serving = SERVING
    assert why_not(world) == "NotApplicable: the service file names no load, [performance.NAME]"
    assert why_not(World(performance={"api": LOAD})) == "NotApplicable: nothing is deployed here yet"
    world = _world()
    world.deploying = True
    assert why_not(world) == "NotApplicable: a release is measured when it serves"
    world = _world()
    world.diverged = "nobody knows"
    assert why_not(world) == "Unavailable: nobody knows"
