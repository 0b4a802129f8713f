"""The artifact of the commit, looked for in the image that was built."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.installed_package import wheel_list
from hotelctl.facts.read_layers import ReadLayers
from hotelctl.facts.wheel_in_image import WheelInImage, WheelSearch
from hotelctl.probes.context import Context


def wheel_in_image(context: Context, layers: ReadLayers, built: Artifact) -> WheelInImage:
    """What the image holds of it.

    Raises:
        NotApplicable: the artifact is no wheel.
        Unavailable: it could not be built.

    """
    if built.path is None:
        raise Unavailable("there is no artifact to look for: the build failed")
    if built.path.suffix != ".whl":
        raise NotApplicable(f"{built.path.name} is no wheel, and has no list of its files")
    search = WheelSearch(wheel_list(context.files.read(built.path)).digests)
    for layer in layers.contents:
        search(layer)
    return search.result()
