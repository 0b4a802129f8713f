"""What twine says of the wheel's metadata, as an index would."""

from hotelctl.core.errors import Unavailable
from hotelctl.facts import rendered_metadata as twine
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.rendered_metadata import RenderedMetadata
from hotelctl.probes.context import Context
from hotelctl.probes.said_of_file import Program, said_of_file

_TWINE = Program(twine.PROGRAM, tuple[str, ...], twine.complaints)


def rendered_metadata(context: Context, built: Artifact) -> RenderedMetadata:
    """Its complaints about the built wheel."""
    if built.path is None:
        raise Unavailable("there is no artifact: the build failed")
    words = twine.command(built.path.name)
    complaints = said_of_file(_TWINE, words, built.path.parent, context)
    return RenderedMetadata(built.path.name, (twine.PROGRAM, *words), complaints)
