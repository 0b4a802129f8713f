import pytest

from hotelctl.checks.docker.built_image_is_small_enough import built_image_is_small_enough as check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Measurement
from hotelctl.facts.image_growth import FormerImage
from hotelctl.facts.image_settings import ImageSettings
from tests.checks import made
from tests.checks.docker.images import image

_NONE = FormerImage()


def _limit(size_bytes: int | None) -> ImageSettings:
    return ImageSettings("hotelctl.toml:1", size_limit_bytes=size_bytes)


def test_as_large_as_it_may_be_is_fine() -> None:
    assert made.judged(check, image(size_bytes=5), _limit(5), _NONE) == []


def test_a_byte_more_is_not() -> None:
    (finding,) = made.judged(check, image(size_bytes=2_000_001), _limit(2_000_000), _NONE)
    assert finding.message == "notes:1 has 2.0 MB, and may have 2.0 MB"
    assert finding.evidence == (Measurement("image size", 2_000_001, "bytes", 2_000_000),)


def test_without_a_limit_and_without_one_that_serves_it_does_not_apply() -> None:
    with pytest.raises(NotApplicable, match=r"docker\.size_limit_bytes"):
        made.judged(check, image(), _limit(None), _NONE)


def test_a_quarter_more_than_what_serves_is_fine() -> None:
    before = FormerImage(image(size_bytes=100))
    assert made.judged(check, image(size_bytes=125), _limit(None), before) == []


def test_more_than_that_names_the_layer_that_grew_most() -> None:
    steps = ("FROM", "/bin/sh -c make", "/bin/sh -c #(nop) COPY dir:0123abcd in /srv ")
    later = (*steps[:2], "/bin/sh -c #(nop) COPY dir:4567ef01 in /srv ")
    before = image(size_bytes=100_000_000, history=steps, added_bytes=(60_000_000, 30_000_000, 10_000_000))
    now = image(size_bytes=190_000_000, history=later, added_bytes=(60_000_000, 40_000_000, 90_000_000))
    (finding,) = made.judged(check, now, _limit(None), FormerImage(before))
    assert finding.message == (
        "notes:1 has 190.0 MB, the image that serves 100.0 MB: more than 25% were added, "
        "80.0 MB of it by COPY ... in /srv"
    )


def test_both_are_told_where_both_are_so() -> None:
    before = FormerImage(image(size_bytes=100))
    assert len(made.judged(check, image(size_bytes=200), _limit(150), before)) == 2
