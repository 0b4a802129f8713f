"""One pass over the layers of the image that the service file names."""

from hotelctl.core.images import BuiltImage
from hotelctl.facts.image_layers import finds
from hotelctl.facts.layer_contents import CONTENTS
from hotelctl.facts.object_search import SearchedValues
from hotelctl.facts.read_layers import ReadLayers
from hotelctl.probes.context import Context


def read_layers(context: Context, image: BuiltImage, values: SearchedValues) -> ReadLayers:
    """What they hold.

    Raises:
        Unavailable: the engine does not give them whole.

    """
    here = finds(values.known, context.configuration.spec.env.example, context.mark)
    told = context.images.layers(image.name, (CONTENTS, here), context.kept_layers)
    return ReadLayers(told.digests, told.of(CONTENTS), told.of(here))
