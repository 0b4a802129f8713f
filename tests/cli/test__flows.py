import pytest

from hotelctl.cli._flows import Ending
from hotelctl.core.errors import Blocked, RolledBack
from hotelctl.deploy.journal import Failure, Outcome


def test_a_good_ending_is_0() -> None:
    assert Ending(Outcome.SUCCEEDED, None, ()).answered() == 0


def test_what_serves_now_and_fails_a_check_is_1_and_named() -> None:
    with pytest.raises(Blocked, match="OPS005, OPS013") as refused:
        Ending(Outcome.SUCCEEDED, None, ("OPS005", "OPS013")).answered()
    assert refused.value.exit_code == 1
    assert "hotelctl verify asks again" in refused.value.hint
    assert "rollback --to VERSION" in refused.value.hint


def test_what_turned_back_says_why() -> None:
    with pytest.raises(RolledBack, match="step switch: no") as refused:
        Ending(Outcome.ROLLED_BACK, Failure("switch", "no", "look"), ()).answered()
    assert (refused.value.exit_code, refused.value.hint) == (11, "look")
