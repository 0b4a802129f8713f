"""What the service file says of the image that was built."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageSettings:
    """`source` is `file:line` of its name; `size_limit_bytes` is None where there is no limit.

    `probe` says who asks for health where the image has no health check, empty where nobody says.
    `growth_limit` is the share by which it may be larger than the image that serves.
    """

    source: str
    probe: str = ""
    size_limit_bytes: int | None = None
    growth_limit: float = 0.25
