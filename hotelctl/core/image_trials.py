"""What is learned of an image by running it, where nothing of it stays and nothing outside is reached."""

from collections.abc import Mapping
from dataclasses import dataclass

STATE = "/hotelctl/state"
"""Where a container on trial may write, whatever else is closed to it, besides `/tmp`."""


@dataclass(frozen=True, slots=True)
class TrialSetting:
    """How an image is tried: its own command, with `env`, after the commands `prepare` ran of it in turn.

    It may take `healthy_s` until its health check is content, and `grace_s` to end when it is asked to.
    `closed` runs it with a root file system that cannot be written and without any capability.
    """

    image: str
    env: Mapping[str, str]
    prepare: tuple[tuple[str, ...], ...]
    healthy_s: float
    grace_s: float
    closed: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """How a container of an image did.

    `healthy_after_s` is None where it did not become healthy; `exit_code` is what it ended with by itself
    before, None where it ran on. `health` is what its health check said last, `log` what it printed last,
    both without what looks like a secret. `ended_after_s` and `end_code` tell how it took the request to end,
    None where it was not asked; `killed` that the grace was over.
    """

    healthy_after_s: float | None
    exit_code: int | None
    health: str
    log: str
    ended_after_s: float | None = None
    end_code: int | None = None
    killed: bool = False

    @property
    def is_healthy(self) -> bool:
        """Whether it became healthy."""
        return self.healthy_after_s is not None
