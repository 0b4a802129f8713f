"""How containers of the built image did: one closed to writing and without capabilities, and one not."""

from dataclasses import dataclass

from hotelctl.core.image_trials import Trial

_BY_SIGTERM = (0, 143)


@dataclass(frozen=True, slots=True)
class ImageTrials:
    """`open` is None where the `closed` one became healthy, so that nobody need look.

    Each had `healthy_s` to become healthy and `grace_s` to end. `clean_exit` are the codes that the service
    ends with when it is asked to, besides those that everybody's may.
    """

    closed: Trial
    open: Trial | None
    healthy_s: float
    grace_s: float
    clean_exit: tuple[int, ...] = ()

    @property
    def best(self) -> Trial:
        """The one that had it easier."""
        return self.open or self.closed

    def is_clean(self, code: int | None) -> bool:
        """Whether a container that was asked to end may end with it."""
        return code in (*_BY_SIGTERM, *self.clean_exit)
