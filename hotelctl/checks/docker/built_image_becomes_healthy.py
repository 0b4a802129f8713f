"""DKR026: a container of the built image becomes healthy."""

from collections.abc import Iterator

from hotelctl.checks.docker.of_trial import ended, said
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.facts.image_trials import ImageTrials


@check(
    "DKR026",
    "A container of the built image becomes healthy",
    severity=Severity.CRITICAL,
    rationale="An image that builds may still start nothing: a file, a library or a variable is missing.",
    remediation="Run it with the variables of [docker.trial] and read its last lines; mend what they name.",
    stage=Stage.AUDIT,
)
def built_image_becomes_healthy(image: BuiltImage, trials: ImageTrials) -> Iterator[Finding]:
    """A finding where its health check was not content in time."""
    trial = trials.best
    if trial.is_healthy:
        return
    how = (
        f"ends with {ended(trial)}" if trial.exit_code is not None else f"is not after {trials.healthy_s:g} s"
    )
    health = f"; its health check says: {trial.health}" if trial.health else ""
    yield Finding(
        subject=f"start of {image.name}",
        message=f"a container of {image.name} does not become healthy: it {how}{health}",
        evidence=(said(image, trial),),
        fix=f"docker run --rm {image.name}",
    )
