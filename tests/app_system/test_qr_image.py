import pytest

from hotelctl.app.services import qr_image
from tests.app_system.pictures import text_of_png, text_of_svg

pytestmark = pytest.mark.system
_ADDRESS = "https://hotel.example/q/" + "Ab-_" * 10 + "xyz"


@pytest.mark.parametrize("scale", [2, qr_image.PNG_SCALE, qr_image.HIGHEST_SCALE])
def test_a_scanner_reads_the_address_from_the_png(scale: int) -> None:
    assert text_of_png(qr_image.png(_ADDRESS, scale)) == _ADDRESS


def test_a_scanner_reads_the_address_from_the_svg() -> None:
    assert text_of_svg(qr_image.svg(_ADDRESS)) == _ADDRESS
