"""The order of the questions is held against a real server: tests/checks/security/test_planted_faults.py."""

from typing import Any

from hotelctl.core.errors import StepFailed
from hotelctl.core.judging import FactStore
from hotelctl.facts.demo_accounts import DemoAccounts
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.sandbox_answers import SandboxAnswers
from hotelctl.probes.registry import IN_A_SANDBOX
from tests.fakes.http import FakeHttp
from tests.fakes.processes import Answer
from tests.probes.test_artifact import _wheel
from tests.probes.worlds import World

QUERY = "SELECT email FROM people"
WAY = {"request": "POST /log-in", "json": {"n": "{name}"}, "token": "t"}
SEEDED = {"name": "ana", "password": "p", "other_name": "ben", "other_password": "q"}


class _Yes(FakeHttp):
    """Answers everything with a token."""

    def request(self, method: str, url: str, **more: Any) -> Any:  # noqa: ANN401 - as the fake
        self.answer(method, url, 200, {"t": "a"})
        return super().request(method, url, **more)


def _world(**security: Any) -> World:  # noqa: ANN401 - the table of the service file
    world = World(env={}, security={"log_in": [WAY], "sandbox": {"seed": ["seed"]}, **security})
    world.work.wheel = _wheel()
    world.work.seeded = SEEDED
    world.http = _Yes(world.evidence)
    world.databases.answer("current_database()", ("n",), [("scratch",)])
    world.databases.answer("FROM people", ("email",), [("demo@x.example",)])
    return world


def test_all_is_asked_of_one_instance_that_is_gone_afterwards() -> None:
    world = _world(demo_query=QUERY)
    fact = world.fact(SandboxAnswers)
    assert len(world.instances.started) == 1
    assert world.instances.alive == 0
    assert fact.live.place == f"a sandbox of commit {'1' * 12}"
    assert fact.demo is not None
    assert (fact.demo.count, fact.no_people, len(fact.attempts)) == (1, "", 1)
    assert fact.live.entered == (fact.attempts[0].right,)


def test_where_the_seed_fails_strangers_are_asked_all_the_same() -> None:
    world = _world()
    world.work.seeded = StepFailed("smoke.prepare failed: no table")
    fact = world.fact(SandboxAnswers)
    assert fact.no_people == "security.sandbox.seed failed: no table"
    assert fact.live.pages
    assert fact.attempts == ()
    world.work.seeded = {"name": "ana"}
    assert "printed no password" in world.fact(SandboxAnswers).no_people


def _rotating(*answers: Answer) -> World:
    """Three steps; the second one is tried as long as it refuses."""
    steps = [["publish"], ["switch"], ["retire"]]
    world = _world(protected=["GET /mine"], rotation={"steps": steps, "wait_s": 3})
    world.processes.answer(["publish"])
    world.processes.answer(["switch"], answers[0])
    world.processes.answer(["retire"], answers[-1])
    return world


def test_a_key_step_that_refuses_is_tried_again_and_no_later_one_is_tried() -> None:
    world = _rotating(Answer(1, stderr="too early"))
    first, second = world.fact(SandboxAnswers).key_steps
    assert (first.done.ok, second.done.ok) == (True, False)
    assert world.clock.slept == [1.0] * 3
    assert first.before.sent != first.after.sent


def test_the_last_try_begins_when_the_time_is_over_however_long_each_takes() -> None:
    world = _rotating(Answer(1, effect=lambda _: world.clock.advance(2)))
    began = [world.fact(SandboxAnswers).key_steps[-1].done.ok]
    assert began == [False]
    assert len([one for one in world.processes.commands if one.argv == ("switch",)]) == 2


def test_a_step_after_the_wait_is_tried_once() -> None:
    world = _rotating(Answer(effect=lambda _: world.clock.advance(4)), Answer(1))
    steps = world.fact(SandboxAnswers).key_steps
    assert [step.done.ok for step in steps] == [True, True, False]
    assert world.clock.slept == []


def test_in_place_of_what_serves_the_sandbox_answers() -> None:
    world = _world()
    world.probes = IN_A_SANDBOX
    store = FactStore(IN_A_SANDBOX, world.context(), world.evidence)
    live = store.get(LiveAnswers)
    assert live.value is store.get(SandboxAnswers).value.live
    assert live.evidence
    assert "demo_query" in world.why_not(DemoAccounts)
    world = _world(demo_query=QUERY)
    world.probes = IN_A_SANDBOX
    assert world.fact(DemoAccounts).shown == ("demo@x.example",)
