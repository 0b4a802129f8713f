"""All traffic led to another address, and how soon people are answered from there."""

import time

from hotelctl.config.service import Health
from hotelctl.deploy.target import Moved
from hotelctl.deploy.targets import local_http, supervision
from hotelctl.deploy.targets.front import Front

LIMIT_S = 5.0
# The edge reads the pointer for each request: the first answer is there in a few of these.
_LOOK_S = 0.001


def lead(front: Front, address: str, fence: int, health: Health, commit: str) -> Moved | None:
    """How long it took, None where the edge gave no answer of `commit` within 5 s: the pointer stays then.

    Raises `StepFailed` for a lower fence.
    """
    entrance = front.entrance(front.port or 0)
    asked = local_http.asking(entrance, health.version, health.commit_field, commit)
    renamed = front.point(address, fence)
    if not supervision.wait_until(asked, LIMIT_S, look_s=_LOOK_S):
        return None
    return Moved(renamed.took_s, time.monotonic() - renamed.at_s)
