"""How what people tried has ended, counted by result: ok, refused, limited, locked, failed.

What probes try is counted apart, as far as it is known by then whom it is about.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import Counter

from hotelctl.app.domain.failures import Locked, RateLimited, Unauthenticated
from hotelctl.app.logs import current_request

_RESULTS: dict[type[BaseException], str] = {
    Unauthenticated: "refused",
    RateLimited: "limited",
    Locked: "locked",
}


@dataclass(slots=True)
class Ending:
    """What is counted when nothing is raised."""

    result: str = "ok"


@contextmanager
def counted(counter: Counter) -> Iterator[Ending]:
    """What happens inside is counted once, by its ending; a transaction inside has ended by then."""
    ending = Ending()
    try:
        yield ending
    except BaseException as error:
        ending.result = _RESULTS.get(type(error), "failed")
        raise
    finally:
        record = current_request.get()
        counter.labels(ending.result, str(int(record is not None and record.synthetic))).inc()
