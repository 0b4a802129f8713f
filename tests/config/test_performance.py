import pytest
from pydantic import ValidationError

from hotelctl.config.performance import Performance

GOOD = {"path": "/ready", "rate": 50, "seconds": 20}


def test_a_load_is_sent_as_it_is_named() -> None:
    plan = Performance.model_validate({**GOOD, "warm_up_s": 3, "status": 204, "timeout_s": 2}).plan
    assert (plan.path, plan.rate, plan.seconds, plan.warm_up_s) == ("/ready", 50, 20, 3)
    assert (plan.status, plan.timeout_s) == (204, 2)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"path": "ready"}, "path"),
        ({"rate": 0}, "rate"),
        ({"seconds": 1500}, "lasts longer than 1500 s with its warm-up"),
        ({"rate": 10_000, "seconds": 51}, "makes 510000 requests, 1 to 500000 can be counted"),
        ({"rate": 0.01, "seconds": 10}, "makes 0.1 requests"),
        ({"p95_s": 5}, "a p95_s that is not below its timeout_s of 5"),
        ({"p99_s": 6}, "a p99_s that is not below its timeout_s of 5"),
        ({"p95_s": 0.5, "p99_s": 0.2}, "a p99_s below its p95_s"),
        ({"max_error_share": 1}, "max_error_share"),
        ({"max_memory_bytes": 0}, "max_memory_bytes"),
        ({"max_memory_growth_bytes_per_min": -1}, "max_memory_growth_bytes_per_min"),
        ({"p50_s": 1}, "p50_s"),
    ],
)
def test_what_cannot_be_meant_is_refused(said: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Performance.model_validate({**GOOD, **said})
