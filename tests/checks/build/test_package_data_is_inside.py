import pytest

from hotelctl.checks.build.package_data_is_inside import package_data_is_inside
from hotelctl.core.errors import Unavailable
from hotelctl.facts.artifact import PackageData
from tests.checks import made


def test_matched_patterns_are_fine() -> None:
    assert not made.judged(package_data_is_inside, made.artifact(), PackageData(("thing/data/*.html",)))


def test_an_unmatched_pattern_is_named() -> None:
    (finding,) = made.judged(
        package_data_is_inside, made.artifact(), PackageData(("thing/data/*.html", "thing/*.sql"))
    )
    assert finding.subject == "thing/*.sql"


def test_without_an_artifact_it_is_unknown() -> None:
    with pytest.raises(Unavailable):
        made.judged(package_data_is_inside, made.artifact(path=None), PackageData(("x",)))
