import pytest

from hotelctl.app.services import qr_image
from tests.app.pictures import text_of_png, text_of_svg

_ADDRESS = "https://hotel.example/q/" + "Ab-_" * 10 + "xyz"


@pytest.mark.parametrize("scale", [2, qr_image.PNG_SCALE, qr_image.HIGHEST_SCALE])
def test_a_scanner_reads_the_address_from_the_png(scale: int) -> None:
    assert text_of_png(qr_image.png(_ADDRESS, scale)) == _ADDRESS


def test_a_scanner_reads_the_address_from_the_svg() -> None:
    assert text_of_svg(qr_image.svg(_ADDRESS)) == _ADDRESS


def test_the_svg_is_one_element_without_scripts_that_fits_its_place() -> None:
    picture = qr_image.svg(_ADDRESS)
    assert picture.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 45 45"')
    assert picture.endswith("</svg>")
    assert " width=" not in picture
    assert "script" not in picture
    assert len(picture) < 4096
