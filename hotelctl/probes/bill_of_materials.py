"""The bill of materials of the artifact's fresh environment."""

from packaging.utils import canonicalize_name

from hotelctl.core.errors import Unavailable
from hotelctl.facts import bill_of_materials as cyclonedx
from hotelctl.facts.bill_of_materials import BillOfMaterials
from hotelctl.facts.installation import Installation
from hotelctl.facts.wheel import Wheel
from hotelctl.probes.context import Context


def bill_of_materials(context: Context, wheel: Wheel, installation: Installation) -> BillOfMaterials:
    """What is installed, by a program that reads it from the interpreter; its whole answer is evidence."""
    if installation.install_exit != 0:
        raise Unavailable("the artifact does not install, so there is nothing to write a bill of")
    words = cyclonedx.command(str(installation.venv / "bin" / "python"))
    done = context.run_tool(cyclonedx.PROGRAM, *words)
    own = canonicalize_name(wheel.described().name)
    return BillOfMaterials((cyclonedx.PROGRAM, *words[:-1]), own, cyclonedx.components(done))
