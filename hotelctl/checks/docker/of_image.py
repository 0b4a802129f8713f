"""How a finding about a built image is shown: what was asked, and the words that it is about."""

from hotelctl.core.finding import HttpExchange
from hotelctl.core.images import BuiltImage
from hotelctl.core.redact import by_shape

_OK = 200


def said(image: BuiltImage, words: str) -> HttpExchange:
    """What the engine answered of it, as far as the finding is about it; secrets are taken out before."""
    return HttpExchange("GET", f"/images/{image.name}/json", _OK, by_shape(words))
