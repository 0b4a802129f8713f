import dataclasses

from hotelctl.checks.build.artifact_is_within_its_limit import artifact_is_within_its_limit as check
from hotelctl.facts.artifact import ArtifactSize
from tests.checks import made

_GOOD = ArtifactSize("town.whl", 5_000_000, 5_000_000, "service.toml:7", (("town/map.bin", 4_000_000),))


def test_up_to_the_limit_it_is_fine() -> None:
    assert made.judged(check, _GOOD) == []


def test_above_it_names_the_largest_members_and_the_place_of_the_limit() -> None:
    (finding,) = made.judged(check, dataclasses.replace(_GOOD, size_bytes=5_000_001))
    assert "town/map.bin 4.00 MB" in finding.message
    assert str(finding.location) == "service.toml:7"
