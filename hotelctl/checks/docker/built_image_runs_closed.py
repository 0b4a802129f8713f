"""DKR028: the built image runs on a root file system that cannot be written, without capabilities."""

from collections.abc import Iterator

from hotelctl.checks.docker.of_trial import ended, said
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.facts.image_trials import ImageTrials


@check(
    "DKR028",
    "The built image runs read-only and without capabilities",
    severity=Severity.LOW,
    rationale="Where nothing can be written and nothing is allowed, a break-in has little to stand on.",
    remediation="Write below /tmp or a volume only, listen on a port above 1023, and start as the user.",
    stage=Stage.AUDIT,
)
def built_image_runs_closed(image: BuiltImage, trials: ImageTrials) -> Iterator[Finding]:
    """A finding where it becomes healthy only when it may write and has the usual capabilities.

    Raises:
        Unavailable: it becomes healthy in neither way.

    """
    if trials.closed.is_healthy:
        return
    if not trials.best.is_healthy:
        raise Unavailable(f"no container of {image.name} became healthy in any way")
    how = (
        f"ends with {ended(trials.closed)}"
        if trials.closed.exit_code is not None
        else f"is not healthy after {trials.healthy_s:g} s"
    )
    yield Finding(
        subject=f"rights of {image.name}",
        message=f"read-only and without capabilities a container of {image.name} {how}",
        evidence=(said(image, trials.closed, closed=True),),
        fix=f"docker run --rm --read-only --cap-drop ALL {image.name}"[:66],
    )
