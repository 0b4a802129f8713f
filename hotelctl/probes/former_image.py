"""The image of the release that serves."""

import json
from contextlib import suppress

from hotelctl.core.errors import Unavailable
from hotelctl.facts.image_growth import FormerImage
from hotelctl.probes.context import Context
from hotelctl.probes.kept_release import directory_of


def former_image(context: Context) -> FormerImage:
    """What the engine says of it; nothing where it is none, or is not there any more."""
    if context.serving is None:
        return FormerImage()
    manifest = directory_of(context.serving.release_id, context) / "manifest.json"
    with suppress(FileNotFoundError, ValueError, AttributeError, Unavailable):
        name = json.loads(context.files.read(manifest)).get("image")
        return FormerImage(context.images.inspected(name) if name else None)
    return FormerImage()
