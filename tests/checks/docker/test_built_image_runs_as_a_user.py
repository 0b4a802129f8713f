import pytest

from hotelctl.checks.docker.built_image_runs_as_a_user import built_image_runs_as_a_user as check
from tests.checks import made
from tests.checks.docker.images import image


@pytest.mark.parametrize("user", ["10001:10001", "10001", "nobody", "app:root", "1"])
def test_a_user_is_fine(user: str) -> None:
    assert made.judged(check, image(user=user)) == []


@pytest.mark.parametrize("user", ["", "root", "root:root", "0", "0:0", "00:1", ":1"])
def test_root_is_not(user: str) -> None:
    (finding,) = made.judged(check, image(user=user))
    assert finding.message.startswith("a container of notes:1 runs as root: the image has ")
    assert finding.fix == "USER 10001:10001"
