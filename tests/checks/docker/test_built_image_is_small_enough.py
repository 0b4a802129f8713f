import pytest

from hotelctl.checks.docker.built_image_is_small_enough import built_image_is_small_enough as check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Measurement
from hotelctl.facts.image_settings import ImageSettings
from tests.checks import made
from tests.checks.docker.images import image


def _limit(size_bytes: int | None) -> ImageSettings:
    return ImageSettings("hotelctl.toml:1", size_limit_bytes=size_bytes)


def test_as_large_as_it_may_be_is_fine() -> None:
    assert made.judged(check, image(size_bytes=5), _limit(5)) == []


def test_a_byte_more_is_not() -> None:
    (finding,) = made.judged(check, image(size_bytes=2_000_001), _limit(2_000_000))
    assert finding.message == "notes:1 has 2.0 MB, and may have 2.0 MB"
    assert finding.evidence == (Measurement("image size", 2_000_001, "bytes", 2_000_000),)


def test_without_a_limit_it_does_not_apply() -> None:
    with pytest.raises(NotApplicable, match=r"docker\.size_limit_bytes"):
        made.judged(check, image(), _limit(None))
