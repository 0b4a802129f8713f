from datetime import datetime, timedelta

import pytest

from hotelctl.checks.operations.head_is_up_to_date import head_is_up_to_date
from hotelctl.core.errors import Unavailable
from hotelctl.core.references import Base
from hotelctl.facts.base_stand import BaseStand
from tests.checks import made


def _stand(behind: int, heard_at: datetime | None = made.NOON) -> BaseStand:
    return BaseStand(Base("origin/main", behind, heard_at), made.NOON + timedelta(days=1))


def test_all_of_it_as_of_today_is_fine() -> None:
    assert not made.judged(head_is_up_to_date, _stand(0))


@pytest.mark.parametrize("heard_at", [made.NOON, None])
def test_what_is_lacking_is_counted_however_old_the_news(heard_at: datetime | None) -> None:
    (finding,) = made.judged(head_is_up_to_date, _stand(1, heard_at))
    assert (finding.message, finding.fix) == ("HEAD lacks 1 commit of origin/main", "git rebase origin/main")
    (finding,) = made.judged(head_is_up_to_date, _stand(3, heard_at))
    assert "3 commits" in finding.message


@pytest.mark.parametrize("heard_at", [made.NOON - timedelta(seconds=1), None])
def test_old_news_that_nothing_is_lacking_proves_nothing(heard_at: datetime | None) -> None:
    with pytest.raises(Unavailable, match="git fetch"):
        made.judged(head_is_up_to_date, _stand(0, heard_at))
