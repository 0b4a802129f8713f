import pytest

from hotelctl.checks.security.keys_rotate_in_safe_steps import keys_rotate_in_safe_steps
from hotelctl.core.errors import Unavailable
from hotelctl.facts.declared_security import DeclaredRotation
from tests.checks import made
from tests.checks.security.answers import key_step, sandbox

STEPS = DeclaredRotation(3)


def test_steps_after_which_everybody_is_still_let_in_are_fine() -> None:
    assert not made.judged(keys_rotate_in_safe_steps, STEPS, sandbox())


@pytest.mark.parametrize(
    ("step", "who"), [(key_step(before=401), "before"), (key_step(after=500, name="switch"), "after")]
)
def test_a_log_in_that_ends_is_a_finding(step: object, who: str) -> None:
    (finding,) = made.judged(keys_rotate_in_safe_steps, STEPS, sandbox(key_steps=(step, key_step())))
    assert f"a log-in of {who} the exchange answers" in finding.message


def test_a_step_that_was_refused_says_nothing_of_log_ins() -> None:
    steps = (key_step(), key_step(name="switch"), key_step(1, before=401, name="retire"))
    assert not made.judged(keys_rotate_in_safe_steps, STEPS, sandbox(key_steps=steps))


def test_where_nothing_was_exchanged_nothing_is_proved() -> None:
    with pytest.raises(Unavailable, match="keys switch could not be done in a sandbox: too early"):
        made.judged(
            keys_rotate_in_safe_steps, STEPS, sandbox(key_steps=(key_step(), key_step(1, name="switch")))
        )
    with pytest.raises(Unavailable, match="nothing was exchanged"):
        made.judged(keys_rotate_in_safe_steps, STEPS, sandbox(key_steps=()))
    with pytest.raises(Unavailable, match="no seed"):
        made.judged(keys_rotate_in_safe_steps, STEPS, sandbox(key_steps=(), no_people="no seed"))
