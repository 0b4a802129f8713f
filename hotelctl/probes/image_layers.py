"""The search through the layers of the image that the service file names."""

from hotelctl.core.images import BuiltImage
from hotelctl.facts.image_layers import ImageLayers, searched
from hotelctl.facts.secret_copies import SecretValues
from hotelctl.probes.context import Context


def image_layers(context: Context, image: BuiltImage, values: SecretValues) -> ImageLayers:
    """What they hold that should be in none.

    Raises:
        Unavailable: the engine does not give them whole.

    """
    look = searched(values.known, context.configuration.spec.env.example)
    return look.found(context.images.each_file(image.name, look))
