from hotelctl.app.services import qr_image

_ADDRESS = "https://hotel.example/q/" + "Ab-_" * 10 + "xyz"


def test_the_svg_is_one_element_without_scripts_that_fits_its_place() -> None:
    picture = qr_image.svg(_ADDRESS)
    assert picture.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 45 45"')
    assert picture.endswith("</svg>")
    assert " width=" not in picture
    assert "script" not in picture
    assert len(picture) < 4096


def test_the_png_grows_with_its_scale() -> None:
    small, large = (qr_image.png(_ADDRESS, scale) for scale in (2, qr_image.HIGHEST_SCALE))
    widths = [int.from_bytes(picture[16:20], "big") for picture in (small, large)]
    assert widths == [45 * 2, 45 * qr_image.HIGHEST_SCALE]
