"""What the layers of the image that the service file names hold that should be in none."""

from hotelctl.facts.image_layers import ImageLayers, together
from hotelctl.facts.read_layers import ReadLayers
from hotelctl.facts.secret_copies import SecretValues
from hotelctl.probes.context import Context


def image_layers(_context: Context, layers: ReadLayers, _values: SecretValues) -> ImageLayers:
    """All of it; where nobody can tell what is secret, nothing is said."""
    return together(layers.digests, layers.contents, layers.found)
