import json

import pytest

from hotelctl.facts.load_measurement import read_measurement
from tests.checks.performance import trials

WRITTEN = trials.measurement(trials.load((*trials.QUICK, None)))


def test_it_is_read_as_it_was_written() -> None:
    data = WRITTEN.model_dump_json(indent=1).encode()
    assert read_measurement(data) == WRITTEN
    assert json.loads(data)["schema"] == "hotelctl.measurement/1"
    assert WRITTEN.load("api") == WRITTEN.loads[0]
    assert WRITTEN.load("page") is None


def test_one_that_an_older_hotelctl_wrote_is_read_without_memory() -> None:
    written = json.loads(trials.measurement(trials.load(memory=trials.memory([5, 6]))).model_dump_json())
    assert read_measurement(json.dumps(written).encode()).loads[0].memory == trials.memory([5, 6])
    del written["loads"][0]["memory"]
    assert read_measurement(json.dumps(written).encode()).loads[0].memory is None


@pytest.mark.parametrize(
    "sample", [{"at_s": -1}, {"at_s": 1e300}, {"resident_bytes": -1}, {"resident_bytes": 10**400}]
)
def test_a_sample_that_cannot_be_is_refused(sample: dict[str, float]) -> None:
    written = json.loads(trials.measurement(trials.load(memory=trials.memory([5, 6]))).model_dump_json())
    written["loads"][0]["memory"]["samples"][1] |= sample
    with pytest.raises(ValueError, match=r"it is no measurement: loads\.0\.memory\.samples\.1"):
        read_measurement(json.dumps(written).encode())


def test_its_figures() -> None:
    one = trials.load((*(0.01,) * 90, *(None,) * 10), errors={"reset": 4}, timeouts=6)
    assert one.outcome.failed == 10
    assert one.outcome.cores == 0.08
    assert one.achieved_rate == 5


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is no measurement: Invalid JSON"),
        (b"[]", "it is no measurement: "),
        (b"{}", "it is no measurement: id: Field required"),
        (
            json.dumps({**json.loads(WRITTEN.model_dump_json()), "schema": "other/2"}).encode(),
            "it is no measurement: schema: Input should be 'hotelctl.measurement/1'",
        ),
    ],
)
def test_what_is_none_is_refused_in_one_line(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        read_measurement(data)
    assert "\n" not in str(refused.value)
