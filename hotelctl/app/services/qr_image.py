"""Pictures of QR codes: dark on light on every page, with the quiet border that scanners need."""

import io

import segno

_ERROR_LEVEL = "m"
PNG_SCALE = 8
HIGHEST_SCALE = 20


def _code(text: str) -> segno.QRCode:
    # Not boosted: the same text gives the same picture size however its length happens to fit.
    return segno.make_qr(text, error=_ERROR_LEVEL, boost_error=False)


def svg(text: str) -> str:
    """The code as an SVG document that takes the size of its place."""
    drawn = io.BytesIO()
    _code(text).save(drawn, kind="svg", xmldecl=False, omitsize=True, dark="#000", light="#fff", nl=False)
    return drawn.getvalue().decode()


def png(text: str, scale: int = PNG_SCALE) -> bytes:
    """The code as a PNG file; each module is `scale` pixels wide, 1 to HIGHEST_SCALE."""
    drawn = io.BytesIO()
    _code(text).save(drawn, kind="png", scale=scale, dark="#000", light="#fff")
    return drawn.getvalue()
