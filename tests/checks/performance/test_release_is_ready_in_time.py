from dataclasses import replace

from hotelctl.checks.performance.release_is_ready_in_time import release_is_ready_in_time
from hotelctl.core.finding import Location, Measurement
from hotelctl.facts.start_time import StartTime
from tests.checks import made

GOOD = StartTime("r1", ".hotelctl/local/deploys/r1/journal.jsonl", 0.8, 5, Location("hotelctl.toml", 9))


def test_a_start_within_its_time_is_fine() -> None:
    assert not made.judged(release_is_ready_in_time, GOOD)
    assert not made.judged(release_is_ready_in_time, replace(GOOD, ready_s=5))


def test_a_slow_start_is_told_with_what_was_measured_and_granted() -> None:
    (finding,) = made.judged(release_is_ready_in_time, replace(GOOD, ready_s=7.25))
    assert finding.message == "r1 was ready 7.25 s after its start; 5 s are granted"
    assert finding.evidence == (Measurement("start to ready", 7.25, "s", 5, 1),)
    assert str(finding.location) == "hotelctl.toml:9"
