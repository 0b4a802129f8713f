"""What stands in the built artifact."""

from hotelctl.core.errors import Unavailable
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.leaving import ArtifactFiles
from hotelctl.facts.wheel import members
from hotelctl.probes.context import Context


def artifact_files(context: Context, built: Artifact) -> ArtifactFiles:
    """The members' bytes, of any archive that a wheel could be.

    Raises:
        Unavailable: nothing was built, or it cannot be opened.

    """
    if built.path is None:
        raise Unavailable("there is no artifact: the build failed")
    name = built.path.name
    held = members(name, context.files.read(built.path))
    return ArtifactFiles(name, {f"{name}/{member}": content for member, content in held.items()})
