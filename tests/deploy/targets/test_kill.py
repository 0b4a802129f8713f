"""A command is killed at each of its acts; the same command again ends as if nothing had been."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from functools import partial

import pytest

from tests.deploy.targets.conftest import instances, running_below
from tests.deploy.targets.place import Place

pytestmark = pytest.mark.system

ACTS = {"os.rename", "os.remove", "os.rmdir", "os.kill", "subprocess.Popen"}


def die_at(act: int) -> None:
    """Whoever calls it is killed just before its act number `act`."""
    left = act

    def count(event: str, _args: object) -> None:
        nonlocal left
        if event in ACTS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def killed_at(act: int, work: Callable[[], object]) -> bool:
    """Whether a process that does the work was killed, False when it had fewer acts."""

    def command() -> None:
        die_at(act)
        work()

    process = multiprocessing.get_context("fork").Process(target=command)
    process.start()
    process.join(300)
    assert process.exitcode in {0, -signal.SIGKILL}
    return process.exitcode != 0


def deploy(place: Place, fence: int) -> None:
    """`r2` takes the place of `r1`."""
    target, former = place.target(), place.release_named("r1")
    release = place.release("r2")
    target.prepare(place.port)
    place.ready(target, release)
    target.route(release, fence)
    target.retire(former)
    target.discard(former)


def test_a_deploy_killed_at_each_act_is_repeated_to_the_same_end(place: Place) -> None:
    act, killed = 0, True
    while killed:
        act += 1
        fence, target = 10 * act, place.target()
        place.serve(target, "r1", fence)
        target.discard(place.release_named("r2"))
        killed = killed_at(act, partial(deploy, place, fence + 1))
        assert place.version() in {"commit-r1", "commit-r2"}
        if act % 2:
            place.kill_supervisor()
        deploy(place, fence + 2)
        assert target.serving() == place.release_named("r2")
        assert place.version() == "commit-r2"
        assert instances(place.state) == [place.seen("r2").pid]
        assert list(place.state.rglob("*r1*")) + list(place.state.rglob("*.part")) == []
    assert act > 20, "the acts were not counted"


def test_a_stop_killed_at_each_act_is_repeated_to_the_same_end(place: Place) -> None:
    act, killed = 0, True
    while killed:
        act += 1
        place.serve(place.target(), "r1", act)
        killed = killed_at(act, place.stop)
        place.stop()
        assert running_below(place.state) == []
        assert list(place.state.rglob("*.part")) == []
    assert act > 5, "the acts were not counted"
