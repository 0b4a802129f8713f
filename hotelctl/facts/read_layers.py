"""The layers of the image that the service file names, read once for all who ask what lies in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotelctl.facts.image_layers import LayerFinds
from hotelctl.facts.layer_contents import LayerContents


@dataclass(frozen=True, slots=True)
class ReadLayers:
    """Of each layer its digest, what it holds and what was found in it, oldest first."""

    digests: Sequence[str]
    contents: Sequence[LayerContents]
    found: Sequence[LayerFinds]
