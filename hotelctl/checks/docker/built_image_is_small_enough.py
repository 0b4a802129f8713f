"""DKR024: the built image is no larger than it may be."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.core.images import BuiltImage
from hotelctl.facts.image_settings import ImageSettings


@check(
    "DKR024",
    "The built image is no larger than it may be",
    severity=Severity.MEDIUM,
    rationale="Each machine pulls each megabyte at each release, and what is not in it has no weak spot.",
    remediation="Leave build tools and caches in an earlier stage; docker history says which layer is large.",
)
def built_image_is_small_enough(image: BuiltImage, settings: ImageSettings) -> Iterator[Finding]:
    """A finding where all its layers together are larger than the limit.

    Raises:
        NotApplicable: the service file sets no limit.

    """
    limit = settings.size_limit_bytes
    if limit is None:
        raise NotApplicable("the service file sets no docker.size_limit_bytes")
    if image.size_bytes > limit:
        yield Finding(
            subject=f"size of {image.name}",
            message=f"{image.name} has {image.size_bytes / 1e6:,.1f} MB, and may have {limit / 1e6:,.1f} MB",
            evidence=(Measurement("image size", image.size_bytes, "bytes", limit),),
            fix=f"docker history {image.name}",
        )
