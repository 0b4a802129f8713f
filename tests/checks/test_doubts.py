import pytest

from hotelctl.checks.doubts import require_none
from hotelctl.core.errors import Unavailable


def test_without_a_reason_there_is_no_doubt() -> None:
    require_none([])
    require_none([("mail", ""), ("pay", "")])


def test_services_with_one_reason_are_told_together() -> None:
    with pytest.raises(Unavailable) as caught:
        require_none([("mail", "no network"), ("pay", ""), ("files", "late"), ("maps", "no network")])
    assert caught.value.reason == "mail, maps: no network; files: late"
    with pytest.raises(Unavailable, match=r"^a: late; wait$"):
        require_none([("a", "late")], "wait")
