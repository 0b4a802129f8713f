"""DKR027: a container of the built image ends when it is asked to."""

from collections.abc import Iterator

from hotelctl.checks.docker.of_trial import said
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.facts.image_trials import ImageTrials


@check(
    "DKR027",
    "A container of the built image ends when it is asked to",
    severity=Severity.HIGH,
    rationale="What does not hear SIGTERM is killed at each deploy, with the requests that it had in hand.",
    remediation="Start the service itself, not a shell around it, and end in its handler of SIGTERM.",
    stage=Stage.AUDIT,
)
def built_image_ends_when_asked(image: BuiltImage, trials: ImageTrials) -> Iterator[Finding]:
    """A finding where it had to be killed, or ended with a code that is no clean end.

    Raises:
        Unavailable: none became healthy, so none was asked.

    """
    trial = trials.best
    if trial.ended_after_s is None:
        raise Unavailable(f"no container of {image.name} became healthy, so none was asked to end")
    if not trial.killed and trials.is_clean(trial.end_code):
        return
    how = (
        f"does not end within {trials.grace_s:g} s and is killed"
        if trial.killed
        else f"ends with {trial.end_code} after {trial.ended_after_s:g} s"
    )
    yield Finding(
        subject=f"end of {image.name}",
        message=f"asked to end, a container of {image.name} {how}",
        evidence=(said(image, trial, closed=trials.open is None),),
        fix='CMD ["PROGRAM", "ARGUMENT"]',
    )
