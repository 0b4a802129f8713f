"""The image that the service file names, as the container engine has it."""

from hotelctl.core.errors import NotApplicable
from hotelctl.core.images import BuiltImage
from hotelctl.facts.image_settings import ImageSettings
from hotelctl.probes.context import Context


def built_image(context: Context) -> BuiltImage:
    """What the engine says of it.

    Raises:
        NotApplicable: the service file names none.
        Unavailable: no engine answers, or it has no such image.

    """
    name = context.configuration.spec.docker.image
    if name is None:
        raise NotApplicable(context.configuration.names_no("docker.image"))
    return context.images.inspected(name)


def image_settings(context: Context) -> ImageSettings:
    """What it is held against."""
    said = context.configuration.spec.docker
    source = str(context.configuration.source("docker.image"))
    return ImageSettings(source, said.probe or "", said.size_limit_bytes, said.growth_limit)
