"""What twine says of the wheel's metadata, as an index would."""

from hotelctl.core.errors import Unavailable
from hotelctl.facts import rendered_metadata as twine
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.rendered_metadata import RenderedMetadata
from hotelctl.probes.context import Context


def rendered_metadata(context: Context, built: Artifact) -> RenderedMetadata:
    """Its complaints about the built wheel."""
    if built.path is None:
        raise Unavailable("there is no artifact: the build failed")
    words = twine.command(built.path.name)
    done = context.run_tool(twine.PROGRAM, *words, cwd=built.path.parent)
    return RenderedMetadata(built.path.name, (twine.PROGRAM, *words), twine.complaints(done))
