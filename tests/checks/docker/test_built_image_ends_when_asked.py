from dataclasses import replace

import pytest

from hotelctl.checks.docker.built_image_ends_when_asked import built_image_ends_when_asked as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.image_trials import Trial
from tests.checks import made
from tests.checks.docker.images import HEALTHY, image, trials


@pytest.mark.parametrize("code", [0, 143, 3])
def test_a_clean_end_in_time_is_fine(code: int) -> None:
    assert made.judged(check, image(), trials(replace(HEALTHY, end_code=code))) == []


def test_what_had_to_be_killed_is_found() -> None:
    deaf = replace(HEALTHY, ended_after_s=10.2, end_code=137, killed=True)
    (finding,) = made.judged(check, image(), trials(deaf))
    assert finding.message == "asked to end, a container of notes:1 does not end within 10 s and is killed"


def test_an_end_that_is_none_of_the_clean_ones_is_found() -> None:
    (finding,) = made.judged(check, image(), trials(replace(HEALTHY, end_code=1)))
    assert finding.message == "asked to end, a container of notes:1 ends with 1 after 0.2 s"


def test_where_none_became_healthy_nobody_knows() -> None:
    with pytest.raises(Unavailable, match="none was asked to end"):
        made.judged(check, image(), trials(Trial(None, 1, "", ""), Trial(None, 1, "", "")))
