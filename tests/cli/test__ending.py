from collections.abc import Mapping
from typing import Any

import pytest

from hotelctl.cli._ending import ending
from hotelctl.deploy.history import Past
from hotelctl.deploy.journal import Kind, Record, fold
from hotelctl.deploy.release import Release

RELEASE = Release("d1", "2.5", "b" * 40, "x.whl", "0", None, {}).to_json()
FORMER = Release("d0", "2.4", "a" * 40, "x.whl", "0", None, {}).to_json()
STEPS = ("build", "stage", "switch", "finish")
BACK = ("choose", "stage", "switch", "finish")
Said = tuple[str, Kind, Mapping[str, Any]]


def told(
    *said: Said,
    serving: Mapping[str, Any] | None = FORMER,
    kind: str = "deploy",
    diverged: str | None = None,
) -> str:
    header = {"operation": kind, "serving": serving, **({"diverged": diverged} if diverged else {})}
    records = (Record("", Kind.NOTE, header), *(Record(*one) for one in said))
    return ending(Past("d1", records, fold(records)), STEPS if kind == "deploy" else BACK)


def begun(*steps: str) -> tuple[Said, ...]:
    return tuple((step, Kind.INTENT, {}) for step in steps)


def done(*steps: str) -> tuple[Said, ...]:
    return tuple(
        record
        for step in steps
        for record in (
            (step, Kind.INTENT, {}),
            (step, Kind.DONE, {"release": RELEASE} if step == "build" else {"release": FORMER}),
        )
    )


def undone(*steps: str) -> tuple[Said, ...]:
    return tuple((step, Kind.UNDONE, {}) for step in steps)


def outcome(word: str) -> Said:
    return ("", Kind.OUTCOME, {"outcome": word})


FAILED: Said = ("switch", Kind.FAIL, {"message": "no"})
ABORT: Said = ("", Kind.ABORT, {})


def test_a_good_deploy_and_a_good_rollback_say_what_serves() -> None:
    assert told(*done(*STEPS), outcome("succeeded")) == "2.5-bbbbbbbbbbbb serves, 4 of 4 steps done"
    back = told(*done(*BACK), outcome("succeeded"), kind="rollback")
    assert back == "2.4-aaaaaaaaaaaa serves again, 4 of 4 steps done"


def test_a_rollback_whose_release_fails_checks_says_which() -> None:
    switched = ("switch", Kind.DONE, {"failing": ["OPS005", "OPS013"]})
    back = told(
        *done("choose", "stage"),
        *begun("switch"),
        switched,
        *done("finish"),
        outcome("succeeded"),
        kind="rollback",
    )
    assert back == "2.4-aaaaaaaaaaaa serves again, 4 of 4 steps done, but OPS005, OPS013 fail"


@pytest.mark.parametrize(
    ("kind", "first"), [("deploy", "build"), ("rollback", "choose")], ids=["deploy", "rollback"]
)
def test_what_was_taken_back_says_where_it_turned_and_what_serves_now(kind: str, first: str) -> None:
    steps = (*done(first, "stage"), *begun("switch"))
    turned = told(*steps, ABORT, *undone("switch", "stage", first), outcome("rolled_back"), kind=kind)
    assert turned == (
        "aborted after step 3 (switch) had begun, what was done is taken back, "
        "traffic is back at 2.4-aaaaaaaaaaaa"
    )
    failed = told(*steps, FAILED, *undone("switch"), outcome("rolled_back"), kind=kind, serving=None)
    assert failed == "step 3 (switch) failed, what was done is taken back, nothing serves, as before"


def test_what_stopped_in_time_says_that_nothing_changed() -> None:
    stopped = told(*begun("build"), ("build", Kind.FAIL, {}), *undone("build"), outcome("stopped"))
    assert stopped == (
        "step 1 (build) failed, nothing visible was changed, traffic was not moved from 2.4-aaaaaaaaaaaa"
    )
    assert told(ABORT, outcome("stopped"), serving=None) == (
        "aborted before the first step, nothing visible was changed, traffic goes nowhere"
    )
    assert told(ABORT, outcome("stopped"), serving=None, diverged="the pointer is spoilt") == (
        "aborted before the first step, nothing visible was changed, traffic was left where it was"
    )


def test_a_frozen_one_and_an_interrupted_one_say_where() -> None:
    frozen = told(*done("build"), *begun("switch"), FAILED, outcome("frozen"))
    assert frozen == "step 3 (switch) failed, traffic was left where it was, a person is needed"
    assert told(*done("build"), *begun("stage")) == "interrupted in step 2 (stage), 1 of 4 steps done"
    assert told(*done("build")) == "interrupted between build and stage, 1 of 4 steps done"
    assert told() == "interrupted before build, 0 of 4 steps done"
    assert told(*done(*STEPS)) == "interrupted after finish, 4 of 4 steps done"


def test_one_that_is_taken_back_says_how_far() -> None:
    assert told(*done("build"), ABORT) == "interrupted before it was taken back, 1 of 4 steps done"
    turned = told(*done("build", "stage"), ABORT, *undone("stage"))
    assert turned == "interrupted after stage was taken back, 2 of 4 steps done"
