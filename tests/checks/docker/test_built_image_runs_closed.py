import pytest

from hotelctl.checks.docker.built_image_runs_closed import built_image_runs_closed as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.image_trials import Trial
from tests.checks import made
from tests.checks.docker.images import HEALTHY, image, trials

_REFUSED = Trial(None, 1, "", "OSError: [Errno 30] Read-only file system: '/srv/log'")


def test_one_that_needs_nothing_is_fine() -> None:
    assert made.judged(check, image(), trials()) == []


def test_one_that_writes_into_itself_is_found_with_its_words() -> None:
    (finding,) = made.judged(check, image(), trials(_REFUSED, HEALTHY))
    assert finding.message == "read-only and without capabilities a container of notes:1 ends with 1"
    assert "/srv/log" in repr(finding.evidence)
    assert "--cap-drop" in repr(finding.evidence)


def test_one_that_runs_and_is_ill_is_found() -> None:
    (finding,) = made.judged(check, image(), trials(Trial(None, None, "", ""), HEALTHY))
    assert finding.message.endswith("is not healthy after 30 s")


def test_one_that_starts_in_neither_way_is_unknown() -> None:
    with pytest.raises(Unavailable, match="in any way"):
        made.judged(check, image(), trials(_REFUSED, _REFUSED))
