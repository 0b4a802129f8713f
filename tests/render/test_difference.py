from dataclasses import replace

import pytest

from hotelctl.core.finding import Location
from hotelctl.core.report import Status
from hotelctl.render.difference import Difference, Measured, Moved, difference
from tests.render import made
from tests.render.made import EVERY_STATUS, Outcome, document

FAILED = EVERY_STATUS["ENV001"]
PASSED = Outcome(Status.PASSED)


def compared(before: dict[str, Outcome], after: dict[str, Outcome]) -> Difference:
    return difference(document(before), document(after))


def test_two_reports_that_say_the_same_do_not_differ() -> None:
    later = document(id="later", finished_at=made.BEGAN.replace(year=2027), next_steps=("other",))
    found = difference(document(), later)
    assert found.nothing
    assert (found.after, found.same) == ("later", len(EVERY_STATUS))


def test_a_finding_that_was_mended_is_gone_and_one_that_came_is_new() -> None:
    found = compared({"ENV001": FAILED}, {"ENV001": PASSED})
    (change,) = found.checks
    assert (change.id, change.before, change.after) == ("ENV001", Status.FAILED, Status.PASSED)
    assert [(one.subject, one.place) for one in change.gone] == [("DATABASE_URL", ".env.local:3")]
    assert (change.appeared, change.left_open) == ((), ())
    assert Moved("verdict", "blocked", "ready") in found.about
    (change,) = compared({"ENV001": PASSED}, {"ENV001": FAILED}).checks
    assert [one.subject for one in change.appeared] == ["DATABASE_URL"]


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.SKIPPED])
def test_what_nobody_judged_again_is_not_gone(status: Status) -> None:
    unjudged = Outcome(status, reason="it could not be asked", evidence=())
    (change,) = compared({"ENV001": FAILED}, {"ENV001": unjudged}).checks
    assert (change.gone, change.reason) == ((), "it could not be asked")
    assert [one.subject for one in change.left_open] == ["DATABASE_URL"]
    (change,) = compared({"ENV001": FAILED}, {}).checks
    assert (change.after, change.gone, len(change.left_open)) == (None, (), 1)


def test_a_check_may_fail_for_another_reason_and_a_moved_line_is_the_same_one() -> None:
    other = replace(FAILED, findings=(made.finding("REDIS_URL"),))
    (change,) = compared({"ENV001": FAILED}, {"ENV001": other}).checks
    assert change.before is change.after is Status.FAILED
    assert [one.subject for one in (*change.gone, *change.appeared)] == ["DATABASE_URL", "REDIS_URL"]
    moved = made.finding()
    moved = replace(moved, finding=replace(moved.finding, location=Location(".env.local", 40)))
    assert compared({"ENV001": FAILED}, {"ENV001": replace(FAILED, findings=(moved,))}).nothing


def test_a_check_that_only_one_has_is_told() -> None:
    first, second = compared({"ENV001": PASSED, "ENV012": PASSED}, {"DB001": PASSED, "ENV012": PASSED}).checks
    assert (first.id, first.before, first.after) == ("DB001", None, Status.PASSED)
    assert (second.id, second.before, second.after) == ("ENV001", Status.PASSED, None)


def test_what_the_reports_are_about_is_told() -> None:
    git = {**made.GIT, "commit": "d" * 40, "dirty": True}
    later = document(environment="production", profile="production", git=git)
    assert difference(document(), later).about == (
        Moved("commit", made.COMMIT, "d" * 40),
        Moved("uncommitted changes", "no", "yes"),
        Moved("environment", "local", "production"),
        Moved("profile", "ci", "production"),
    )


def test_what_was_measured_is_compared() -> None:
    slower = replace(made.MEASURED, measured=0.05)
    before = document(performance=(made.MEASURED, replace(slower, metric="page")))
    after = document(performance=(slower, replace(slower, metric="new")))
    assert difference(before, after).performance == (
        Measured("api_p95", "s", 0.031, 0.05),
        Measured("new", "s", None, 0.05),
        Measured("page", "s", 0.05, None),
    )
    assert difference(before, before).performance == ()


def test_times_on_a_shadow_are_no_difference() -> None:
    assert difference(document(), document(lock_timeline=made.LOCKS)).nothing
