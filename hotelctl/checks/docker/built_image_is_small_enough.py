"""DKR024: the built image is no larger than it may be, by itself and beside the one that serves."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.core.redact import by_shape
from hotelctl.facts.image_growth import FormerImage, grown
from hotelctl.facts.image_settings import ImageSettings


@check(
    "DKR024",
    "The built image is no larger than it may be",
    severity=Severity.MEDIUM,
    rationale="Each machine pulls each megabyte at each release, and what is not in it has no weak spot.",
    remediation="Leave build tools and caches in an earlier stage; docker history says which layer is large.",
    stage=Stage.BUILD,
)
def built_image_is_small_enough(
    image: BuiltImage, settings: ImageSettings, former: FormerImage
) -> Iterator[Finding]:
    """A finding where all its layers together are larger than the limit, and one where it grew too much.

    Raises:
        NotApplicable: the service file sets no limit, and no image serves that it could be held against.

    """
    limit = settings.size_limit_bytes
    if limit is None and former.image is None:
        raise NotApplicable("the service file sets no docker.size_limit_bytes, and no image serves yet")
    if limit is not None and image.size_bytes > limit:
        yield Finding(
            subject=f"size of {image.name}",
            message=f"{image.name} has {_mb(image.size_bytes)}, and may have {_mb(limit)}",
            evidence=(Measurement("image size", image.size_bytes, "bytes", limit),),
            fix=f"docker history {image.name}",
        )
    if former.image is not None:
        yield from _grown(image, former.image, settings.growth_limit)


def _grown(image: BuiltImage, before: BuiltImage, limit: float) -> Iterator[Finding]:
    allowed = before.size_bytes * (1 + limit)
    if image.size_bytes <= allowed:
        return
    words, more = grown(image, before)
    where = f", {_mb(more)} of it by {by_shape(words)}" if more > 0 else ""
    yield Finding(
        subject=f"growth of {image.name}",
        message=(
            f"{image.name} has {_mb(image.size_bytes)}, the image that serves {_mb(before.size_bytes)}: "
            f"more than {limit:.0%} were added{where}"
        ),
        evidence=(Measurement("image size", image.size_bytes, "bytes", allowed),),
        fix=f"docker history {image.name}",
    )


def _mb(size_bytes: float) -> str:
    return f"{size_bytes / 1e6:,.1f} MB"
