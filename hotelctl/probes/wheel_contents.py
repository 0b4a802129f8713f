"""What check-wheel-contents says of the built wheel."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts import wheel_contents as contents
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.wheel_contents import WheelContents
from hotelctl.probes.context import Context


def wheel_contents(context: Context, built: Artifact) -> WheelContents:
    """Its remarks. Raises `NotApplicable` for an artifact of another kind."""
    if built.path is None:
        raise Unavailable("there is no artifact: the build failed")
    name = built.path.name
    if built.path.suffix != ".whl":
        raise NotApplicable(f"{name} is no wheel")
    words = contents.command(name)
    found = contents.remarks(name, context.run_tool(contents.PROGRAM, *words, cwd=built.path.parent))
    migrations = context.configuration.spec.migrations
    if migrations is not None:
        found = contents.without_migrations(found, migrations.directory)
    return WheelContents(name, (contents.PROGRAM, *words), found)
