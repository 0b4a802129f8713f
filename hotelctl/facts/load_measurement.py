"""One measurement of a release that served: what was sent, how, and what came of it.

It lies as `measurements/<id>/measurement.json` in the state of its environment, its evidence beside it.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from hotelctl.facts.latency_histogram import Histogram
from hotelctl.facts.quantile import Quantile

OPEN_MODEL = "open model"
FILE_NAME = "measurement.json"


class Part(BaseModel):
    """A part of the file: nothing is added or changed after it was written."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True)


class LoadPlan(Part):
    """GET requests of `path`, `rate` a second, due at fixed times for `warm_up_s` and then `seconds`.

    `status` is the only good answer, `timeout_s` counts from when a request was due. `most_open` is how many
    may be open at once; beyond that they wait for one another.
    """

    path: str
    status: int
    rate: float
    seconds: float
    warm_up_s: float
    timeout_s: float
    most_open: int = 512


class LoadOutcome(Part):
    """What came of a plan; all but `warm_up_dropped` is of the `n` requests that were due after the warm-up.

    `answered_in_time` are whole answers of any kind that came while it was counted. `waited` are requests
    that found `most_open` others open. `max_s` is of good answers, None without any. `late_p99_s` is how much
    later than it was due a request left the generator: 99 of 100 were no later. `generator_cpu_s` and
    `duration_s` are of the whole run.
    """

    method: str = OPEN_MODEL
    n: int
    planned: int
    warm_up_dropped: int
    answered_in_time: int
    errors: dict[str, int]
    timeouts: int
    waited: int
    p50: Quantile
    p95: Quantile
    p99: Quantile
    max_s: float | None
    late_p99_s: float
    generator_cpu_s: float
    duration_s: float
    histogram: Histogram

    @property
    def failed(self) -> int:
        """Requests without a good answer, time-outs among them."""
        return sum(self.errors.values()) + self.timeouts

    @property
    def cores(self) -> float:
        """How many cores the generator kept busy; one is all that it can."""
        return self.generator_cpu_s / self.duration_s


class MemorySample(Part):
    """What the process of the release and all below it held, `at_s` after its load began.

    It is their resident memory; pages that several of them share count in each.
    """

    at_s: Annotated[float, Field(ge=0, le=86_400)]
    resident_bytes: Annotated[int, Field(ge=0, lt=2**63)]


class MemoryUse(Part):
    """Samples of one load, one each `every_s`, and their record; `trouble` says why they are not all."""

    every_s: Annotated[float, Field(gt=0)]
    samples: tuple[MemorySample, ...]
    trouble: str = ""
    evidence: str


class MeasuredLoad(Part):
    """One load of the service file, and the record that its generator left.

    `memory` is None where an older hotelctl measured, which did not look at it.
    """

    name: str
    started_at: AwareDatetime
    plan: LoadPlan
    outcome: LoadOutcome
    evidence: str
    memory: MemoryUse | None = None

    @property
    def achieved_rate(self) -> float:
        """Answers of any kind a second."""
        return self.outcome.answered_in_time / self.plan.seconds


class LoadMeasurement(Part):
    """All loads of one run, on the release that served all the while."""

    schema_: Literal["hotelctl.measurement/1"] = Field(default="hotelctl.measurement/1", alias="schema")
    id: str
    hotelctl: str
    service: str
    environment: str
    release: str
    commit: str
    url: str
    host: str
    cores: int
    same_host: bool
    started_at: AwareDatetime
    loads: tuple[MeasuredLoad, ...]

    def load(self, name: str) -> MeasuredLoad | None:
        """The load of that name."""
        return next((one for one in self.loads if one.name == name), None)


def read_measurement(data: bytes) -> LoadMeasurement:
    """The measurement in these bytes.

    Raises:
        ValueError: there is none.

    """
    try:
        return LoadMeasurement.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"it is no measurement: {place + ': ' if place else ''}{first['msg']}") from error
