from hotelctl.config.pinned import pin
from hotelctl.facts.artifact import DeployedArtifact
from hotelctl.facts.rollback_readiness import RollbackReadiness
from hotelctl.facts.running_service import RunningService
from hotelctl.facts.smoke_run import SmokeRun
from tests.probes.worlds import SERVING, STATE, World


def _world(*commits: str) -> World:
    world = World()
    world.serving = SERVING
    for path in ("/live", "/ready", "/db"):
        world.http.answer("GET", SERVING.url + path)
    for commit in commits:
        world.http.answer("GET", SERVING.url + "/version", body={"commit": commit})
    return world


def test_all_four_answers() -> None:
    fact = _world(SERVING.commit).fact(RunningService)
    assert [one.reply.status for one in (fact.live, fact.ready, fact.version, fact.database)] == [200] * 4
    assert (fact.commit, fact.waited_s) == (SERVING.commit, 0.0)


def test_the_commit_is_asked_again_until_it_fits() -> None:
    world = _world("old", "old", SERVING.commit)
    fact = world.fact(RunningService)
    assert fact.commit == SERVING.commit
    assert 0 < sum(world.clock.slept) < 5


def test_asking_again_has_a_limit() -> None:
    world = _world("old")
    assert world.fact(RunningService).commit == "old"
    assert 5 <= sum(world.clock.slept) < 6


def test_nothing_serves() -> None:
    assert World().why_not(RunningService) == "NotApplicable: nothing is deployed here yet"


def test_where_nobody_can_tell_what_serves_nothing_is_said_of_it() -> None:
    world = World()
    world.diverged = "the edge points at 'garbage'"
    for fact in (RunningService, SmokeRun, DeployedArtifact, RollbackReadiness):
        assert world.why_not(fact) == "Unavailable: the edge points at 'garbage'"


def test_it_names_the_log_of_the_release_that_runs() -> None:
    place = f"releases/{SERVING.release_id}/log/service.log"
    assert _world(SERVING.commit).fact(RunningService).log.endswith(f".hotelctl/local/{place}")


def test_it_is_asked_at_the_paths_that_it_was_built_with() -> None:
    world = World()
    world.serving = SERVING
    built = World(health={"live": "/l", "ready": "/r", "version": "/v", "commit_field": "sha"})
    kept = STATE / "releases" / SERVING.release_id / "service.json"
    world.files.write_durable(kept, pin(built.spec))
    for path in ("/l", "/r"):
        world.http.answer("GET", SERVING.url + path)
    world.http.answer("GET", SERVING.url + "/v", body={"sha": SERVING.commit})
    fact = world.fact(RunningService)
    assert [one.reply.status for one in (fact.live, fact.ready, fact.version)] == [200] * 3
    assert (fact.commit, fact.database) == (SERVING.commit, None)


def test_it_is_asked_at_todays_paths_where_its_own_cannot_be_read() -> None:
    world = _world(SERVING.commit)
    world.files.write_durable(STATE / "releases" / SERVING.release_id / "service.json", b"{")
    assert world.fact(RunningService).commit == SERVING.commit
