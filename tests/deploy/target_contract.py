"""What every target keeps, whatever it runs on. A subclass gives the fixture `bench`."""

from typing import Protocol

import pytest

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Target
from tests.deploy.targets.place import eventually


class Bench(Protocol):
    """One world for one test."""

    port: int
    held_port: int

    def target(self) -> Target:
        """A new object on the same world, as another command has it."""
        ...

    def build(self, release_id: str) -> Release:
        """A release that can be staged."""
        ...


def unbuilt(release_id: str) -> Release:
    return Release(release_id, "1.0.0", f"commit-{release_id}", "artifact/x.whl", "0" * 64, None, {})


class TargetContract:
    """The verbs, each again, out of order, and from another object."""

    @pytest.fixture
    def target(self, bench: Bench) -> Target:
        target = bench.target()
        target.prepare(bench.port)
        return target

    def serve(self, bench: Bench, release_id: str, fence: int) -> Release:
        release = bench.build(release_id)
        target = bench.target()
        target.stage(release, {})
        target.route(release, fence)
        return release

    def test_nothing_serves_at_first(self, bench: Bench) -> None:
        assert bench.target().serving() is None

    def test_a_free_port_has_no_obstacle_before_and_after_prepare(self, bench: Bench) -> None:
        assert bench.target().obstacle(bench.port) is None
        bench.target().prepare(bench.port)
        bench.target().prepare(bench.port)
        assert bench.target().obstacle(bench.port) is None

    def test_a_held_port_is_refused_with_the_words_of_the_obstacle(self, bench: Bench) -> None:
        obstacle = bench.target().obstacle(bench.held_port)
        assert obstacle
        assert str(bench.held_port) in obstacle
        with pytest.raises(StepFailed) as refusal:
            bench.target().prepare(bench.held_port)
        assert refusal.value.message == obstacle

    def test_a_staged_release_lives_on_this_machine_and_has_no_traffic(
        self, bench: Bench, target: Target
    ) -> None:
        health = target.stage(bench.build("r1"), {})
        assert (health.alive, health.restarts, health.exit_code) == (True, 0, None)
        assert health.url.startswith("http://127.0.0.1:")
        assert target.serving() is None

    def test_staging_again_finds_the_instance(self, bench: Bench, target: Target) -> None:
        release = bench.build("r1")
        first = target.stage(release, {"A": "1"})
        again = bench.target().stage(release, {"A": "1"})
        assert (again.url, again.restarts) == (first.url, 0)

    def test_two_releases_stand_side_by_side(self, bench: Bench, target: Target) -> None:
        urls = {target.stage(bench.build(name), {}).url for name in ("r1", "r2")}
        assert len(urls) == 2
        assert all(target.health(unbuilt(name)).alive for name in ("r1", "r2"))

    @pytest.mark.usefixtures("target")
    def test_what_was_never_built_is_not_staged(self, bench: Bench) -> None:
        with pytest.raises(StepFailed, match="r9"):
            bench.target().stage(unbuilt("r9"), {})

    def test_an_unknown_release_is_not_alive(self, bench: Bench) -> None:
        health = bench.target().health(unbuilt("r9"))
        assert (health.alive, health.url) == (False, "")

    @pytest.mark.usefixtures("target")
    def test_a_switch_is_seen_by_others_and_can_be_repeated(self, bench: Bench) -> None:
        release = self.serve(bench, "r1", fence=1)
        bench.target().route(release, 1)
        assert bench.target().serving() == release

    @pytest.mark.usefixtures("target")
    def test_traffic_goes_on_to_the_next_and_back(self, bench: Bench) -> None:
        first, second = self.serve(bench, "r1", fence=1), self.serve(bench, "r2", fence=2)
        assert bench.target().serving() == second
        bench.target().route(first, 3)
        assert bench.target().serving() == first

    def test_a_first_deploy_can_be_taken_back(self, bench: Bench, target: Target) -> None:
        self.serve(bench, "r1", fence=1)
        target.route(None, 1)
        target.route(None, 1)
        assert bench.target().serving() is None

    @pytest.mark.usefixtures("target")
    def test_a_lower_fence_moves_nothing(self, bench: Bench) -> None:
        first = self.serve(bench, "r1", fence=4)
        second = self.serve(bench, "r2", fence=5)
        for late in (first, None):
            with pytest.raises(StepFailed, match="fence 4"):
                bench.target().route(late, 4)
        assert bench.target().serving() == second

    def test_what_does_not_run_gets_no_traffic(self, bench: Bench, target: Target) -> None:
        first, second = self.serve(bench, "r1", fence=1), bench.build("r2")
        with pytest.raises(StepFailed, match="r2"):
            target.route(second, 2)
        target.stage(second, {})
        target.retire(second)
        with pytest.raises(StepFailed, match="r2"):
            target.route(second, 2)
        assert target.serving() == first

    @pytest.mark.usefixtures("target")
    def test_what_serves_is_neither_retired_nor_discarded(self, bench: Bench) -> None:
        release = self.serve(bench, "r1", fence=1)
        for refused in (bench.target().retire, bench.target().discard):
            with pytest.raises(StepFailed, match="serves"):
                refused(release)
        assert bench.target().health(release).alive

    def test_what_served_before_is_retired_cleanly(self, bench: Bench, target: Target) -> None:
        first = self.serve(bench, "r1", fence=1)
        self.serve(bench, "r2", fence=2)
        assert target.retire(first).clean
        assert bench.target().retire(first).clean
        health = target.health(first)
        assert (health.alive, health.exit_code) == (False, 0)

    def test_retiring_what_never_was_is_fine(self, bench: Bench, target: Target) -> None:
        assert target.retire(bench.build("r1")).clean

    def test_a_retired_release_comes_back(self, bench: Bench, target: Target) -> None:
        first = self.serve(bench, "r1", fence=1)
        self.serve(bench, "r2", fence=2)
        target.retire(first)
        assert target.stage(first, {}).alive
        target.route(first, 3)
        assert target.serving() == first

    def test_what_is_discarded_is_gone(self, bench: Bench, target: Target) -> None:
        release = bench.build("r1")
        target.stage(release, {})
        target.discard(release)
        bench.target().discard(release)
        assert not target.health(release).alive
        with pytest.raises(StepFailed, match="r1"):
            target.stage(release, {})

    @pytest.mark.usefixtures("target")
    def test_nothing_is_open_at_an_idle_or_unknown_release(self, bench: Bench) -> None:
        release = self.serve(bench, "r1", fence=1)
        # The edge counts a request until it is done with it, which is later than the answer.
        eventually(lambda: bench.target().inflight(release) == 0)
        assert bench.target().inflight(unbuilt("r9")) == 0

    def test_what_prepare_started_ends_only_when_nothing_serves(self, bench: Bench, target: Target) -> None:
        release = self.serve(bench, "r1", fence=1)
        assert target.dismantle() is None
        assert target.health(release).alive
        target.route(None, 1)
        target.retire(release)
        assert target.dismantle()
        assert bench.target().dismantle() is None
        target.prepare(bench.port)
        self.serve(bench, "r1", fence=2)
        assert target.serving() == release
