"""How a service file names the loads that its release must bear, and how fast it must answer under them."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from hotelctl.config.table import Seconds, Table
from hotelctl.facts.load_measurement import LoadPlan

_MOST_REQUESTS = 500_000
_LONGEST_S = 1500
_DEFAULT_WARM_UP_S = 5


class Performance(Table):
    """GET requests of `path`, `rate` a second for `seconds`, after `warm_up_s` that are not counted.

    Only `status` is a good answer, and only within `timeout_s` of when the request was due. `p95_s` and
    `p99_s` are what 95 and 99 of 100 requests may take at most, `max_error_share` is the part that may fail.
    `max_memory_bytes` is what the release may hold meanwhile, `max_memory_growth_bytes_per_min` what that may
    grow by after the warm-up.
    """

    path: Annotated[str, Field(pattern=r"^/\S*$")]
    rate: Annotated[float, Field(gt=0, le=10_000)]
    seconds: Seconds
    warm_up_s: Annotated[float, Field(ge=0, le=600)] = _DEFAULT_WARM_UP_S
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 5
    status: Annotated[int, Field(ge=200, le=499)] = 200
    p95_s: Annotated[float, Field(gt=0)] | None = None
    p99_s: Annotated[float, Field(gt=0)] | None = None
    max_error_share: Annotated[float, Field(ge=0, lt=1)] = 0
    max_memory_bytes: Annotated[int, Field(gt=0)] | None = None
    max_memory_growth_bytes_per_min: Annotated[float, Field(ge=0)] | None = None

    @property
    def plan(self) -> LoadPlan:
        """What is sent."""
        return LoadPlan(
            path=self.path,
            status=self.status,
            rate=self.rate,
            seconds=self.seconds,
            warm_up_s=self.warm_up_s,
            timeout_s=self.timeout_s,
        )

    @model_validator(mode="after")
    def _can_be_measured(self) -> Self:
        if self.seconds + self.warm_up_s > _LONGEST_S:
            raise ValueError(f"lasts longer than {_LONGEST_S} s with its warm-up")
        if not 1 <= self.rate * self.seconds <= _MOST_REQUESTS:
            made = f"makes {self.rate * self.seconds:g} requests"
            raise ValueError(f"{made}, 1 to {_MOST_REQUESTS} can be counted")
        return self

    @model_validator(mode="after")
    def _targets_can_be_missed(self) -> Self:
        for name, limit in (("p95_s", self.p95_s), ("p99_s", self.p99_s)):
            if limit is not None and limit >= self.timeout_s:
                raise ValueError(f"has a {name} that is not below its timeout_s of {self.timeout_s:g}")
        if self.p95_s is not None and self.p99_s is not None and self.p99_s < self.p95_s:
            raise ValueError("has a p99_s below its p95_s")
        return self
