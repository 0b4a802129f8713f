"""How much memory the release held while it was loaded, beside what the load of the service file allows."""

from hotelctl.core.report import Status
from hotelctl.facts.load_measurement import MeasuredLoad, MemorySample
from hotelctl.facts.slope import FEWEST, Slope, slope
from hotelctl.facts.speed import closed

MB = 1_000_000
_FEWEST_OF_A_PEAK = 3
_LEAST_TAKEN = 0.8
_MINUTE_S = 60


def samples(one: MeasuredLoad) -> tuple[MemorySample, ...]:
    """All that were taken, those of the warm-up too."""
    return one.memory.samples if one.memory else ()


def counted(one: MeasuredLoad) -> tuple[MemorySample, ...]:
    """Those after the warm-up: caches and pools that fill are no growth."""
    return tuple(sample for sample in samples(one) if sample.at_s >= one.plan.warm_up_s)


def peak_bytes(one: MeasuredLoad) -> int | None:
    """The most that was seen, the warm-up too; None where nothing was."""
    return max((sample.resident_bytes for sample in samples(one)), default=None)


def growth(one: MeasuredLoad) -> Slope | None:
    """Bytes a minute after the warm-up; None of too short a time."""
    found = counted(one)
    return slope(
        [sample.at_s / _MINUTE_S for sample in found], [float(sample.resident_bytes) for sample in found]
    )


def unseen(one: MeasuredLoad) -> str:
    """Why the samples do not tell of the whole load; empty when they do."""
    memory = one.memory
    if memory is None:
        return "the measurement is without its memory"
    if memory.trouble:
        return memory.trouble
    due = (one.plan.warm_up_s + one.plan.seconds) / memory.every_s
    if len(memory.samples) < due * _LEAST_TAKEN:
        return f"only {len(memory.samples)} of {due:.0f} samples of its memory were taken"
    return ""


def weigh_peak(one: MeasuredLoad, limit_bytes: int) -> tuple[Status, str]:
    """Whether no more was seen than may be held; what was seen beyond it counts in any measurement."""
    peak, n = peak_bytes(one), len(samples(one))
    if peak is not None and peak > limit_bytes:
        return Status.FAILED, ""
    if doubt := unseen(one) or closed(one):
        return Status.UNKNOWN, doubt
    if n < _FEWEST_OF_A_PEAK:
        return Status.UNKNOWN, f"{n} samples tell no peak, that needs {_FEWEST_OF_A_PEAK}"
    return Status.PASSED, ""


def weigh_growth(one: MeasuredLoad, limit_bytes: float) -> tuple[Status, str]:
    """Whether the true growth is within its limit, beyond it, or cannot be told: then with the reason."""
    if doubt := unseen(one):
        return Status.UNKNOWN, doubt
    found, n = growth(one), len(counted(one))
    if found is None:
        return Status.UNKNOWN, f"{n} samples after the warm-up tell no growth, that needs {FEWEST}"
    if found.low > limit_bytes:
        return Status.FAILED, ""
    if doubt := closed(one):
        return Status.UNKNOWN, doubt
    if found.high <= limit_bytes:
        return Status.PASSED, ""
    between = f"it grows by between {bounds(found)} a minute, the limit of {megabytes(limit_bytes)} is, too"
    return Status.UNKNOWN, f"{between}; a longer measurement would tell"


def bounds(found: Slope) -> str:
    """Both for people."""
    return f"{megabytes(found.low)} and {megabytes(found.high)}"


def megabytes(value: float) -> str:
    """Memory for people, three digits of it."""
    return f"{value / MB:.3g} MB"
