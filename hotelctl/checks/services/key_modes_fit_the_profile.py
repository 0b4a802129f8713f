"""EXT007: live keys are used in production, and nowhere else."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.outside_services import Mode, Outside, OutsideServices


@check(
    "EXT007",
    "Live keys are used in production, and nowhere else",
    severity=Severity.CRITICAL,
    rationale="A live key in a test moves real money; a test key in production moves none, and says it did.",
    remediation="Set the key of the mode that fits the profile; revoke a live key that was in use elsewhere.",
)
def key_modes_fit_the_profile(services: OutsideServices) -> Iterator[Finding]:
    """A finding for each key whose form tells the mode that its profile must not have."""
    telling = [one for one in services.configured if one.has_modes]
    if not telling:
        raise NotApplicable("no outside service that is configured has keys that tell live from test")
    wrong = Mode.TEST if services.profile == "production" else Mode.LIVE
    for one in telling:
        if one.mode is wrong:
            yield _finding(one, wrong, services.profile)
    require_none((one.name, _doubt(one)) for one in telling)


def _doubt(one: Outside) -> str:
    if one.mode or one.key is None:
        return ""
    begins = ", ".join((*one.live_keys, *one.test_keys))
    return f"{one.key.key} begins with none of {begins}"


def _finding(one: Outside, mode: Mode, profile: str) -> Finding:
    key = one.key.key if one.key else one.name
    source = f", set in {one.key.source}," if one.key else ""
    return Finding(
        subject=key,
        message=f"{key}{source} is a {mode} key in profile {profile}",
        evidence=(Measurement(f"{mode} keys in profile {profile}", 1, "keys", 0),),
        location=one.key.location if one.key else None,
        fix=f"set {key} to a {'live' if mode is Mode.TEST else 'test'} key of {one.name}",
    )
