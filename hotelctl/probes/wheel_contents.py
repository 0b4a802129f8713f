"""What check-wheel-contents says of the built wheel."""

from functools import partial

from hotelctl.core.errors import Unavailable
from hotelctl.facts import wheel_contents as contents
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.wheel import Wheel
from hotelctl.facts.wheel_contents import ContentsRemark, WheelContents
from hotelctl.probes.context import Context
from hotelctl.probes.said_of_file import Program, said_of_file


def wheel_contents(context: Context, built: Artifact, wheel: Wheel) -> WheelContents:
    """Its remarks."""
    if built.path is None:
        raise Unavailable("there is no artifact: the build failed")
    name = built.path.name
    words = contents.command(name)
    program = Program(contents.PROGRAM, tuple[ContentsRemark, ...], partial(contents.remarks, name))
    found = said_of_file(program, words, built.path.parent, context)
    migrations = context.configuration.spec.migrations
    if migrations is not None:
        found = contents.without_migrations(found, migrations.directory)
    return WheelContents(name, (contents.PROGRAM, *words), contents.without_strays(found, wheel))
