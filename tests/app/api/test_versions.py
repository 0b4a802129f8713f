import pytest

from hotelctl.app.api.versions import _version, etag
from hotelctl.app.domain.failures import PreconditionFailed, PreconditionRequired


@pytest.mark.parametrize("header", ['"7"', 'W/"7"', "7", ' "7" '])
def test_a_version_is_read_in_each_of_its_forms(header: str) -> None:
    assert _version(header) == 7


@pytest.mark.parametrize("header", ["*", "", '"x"', '"-1"', '"7', '"7", "8"', '"1234567890"'])
def test_anything_else_is_no_present_version(header: str) -> None:
    with pytest.raises(PreconditionFailed):
        _version(header)


def test_a_change_without_a_version_is_asked_for_one() -> None:
    with pytest.raises(PreconditionRequired):
        _version(None)


def test_what_is_told_is_what_is_read() -> None:
    assert _version(etag(12)["ETag"]) == 12
