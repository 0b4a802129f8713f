"""What is installed beside the artifact in its fresh environment."""

from hotelctl.core.errors import Unavailable
from hotelctl.facts.allowed_licences import AllowedLicences
from hotelctl.facts.environment_packages import EnvironmentPackages, read_packages
from hotelctl.facts.installation import Installation
from hotelctl.probes.context import Context

_LIMIT_BYTES = 2_000_000


def environment_packages(context: Context, installation: Installation) -> EnvironmentPackages:
    """All packages, the artifact among them."""
    if installation.install_exit != 0:
        raise Unavailable("the artifact does not install, so there is no environment to look at")
    found = context.files.glob(installation.venv, "lib/*/site-packages/*.dist-info/METADATA")
    if not found:
        raise Unavailable("the environment of the artifact holds no package")
    site = found[0].parent.parent
    names = [str(path.relative_to(site)) for path in found]
    return read_packages(site.name, context.files.contents(site, names, _LIMIT_BYTES))


def allowed_licences(context: Context) -> AllowedLicences:
    """What the service file says."""
    build = context.configuration.spec.build_
    return AllowedLicences(
        build.licences if build else (), str(context.configuration.source("build.licences"))
    )
