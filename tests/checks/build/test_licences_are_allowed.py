import pytest

from hotelctl.checks.build.licences_are_allowed import licences_are_allowed as check
from hotelctl.facts.allowed_licences import AllowedLicences
from hotelctl.facts.wheel import Wheel
from tests.checks import made
from tests.checks.build import projects
from tests.checks.build.test_dependencies_agree import environment, metadata

_ANY = AllowedLicences((), "default")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    """The artifact itself, which states no licence."""
    return projects.wheel(tmp_path_factory.mktemp("town"))


def said(town: Wheel, allowed: AllowedLicences, *lines: str) -> list[str]:
    """The findings about the town and one package a line of METADATA."""
    packages = (metadata(f"p{n}", "1") + f"{line}\n" for n, line in enumerate(lines))
    found = made.judged(check, environment(metadata("town", "1.2.0"), *packages), allowed, town)
    return [one.message for one in found]


def test_usual_licences_are_fine_and_the_own_package_is_not_asked(town: Wheel) -> None:
    lines = (
        "License-Expression: MIT",
        "Classifier: License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)",
        "License: BSD 3-Clause",
        "License-Expression: MPL-2.0 OR GPL-2.0-or-later",
    )
    assert said(town, _ANY, *lines) == []


def test_copyleft_and_no_licence_at_all_are_named(town: Wheel) -> None:
    lines = ("License-Expression: AGPL-3.0-only AND MIT", "License: UNKNOWN", "License: GPLv3+")
    rule = "which the rule for services that are not open source does not allow"
    assert said(town, _ANY, *lines) == [
        f"p0 1 has the licence AGPL-3.0-only AND MIT, {rule}",
        "p1 1 states no licence",
        f"p2 1 has the licence GPL-3.0-or-later, {rule}",
    ]


def test_a_list_in_the_service_file_is_all_that_is_allowed(town: Wheel) -> None:
    allowed = AllowedLicences(("MIT", "Apache-2.0 WITH LLVM-exception"), "service.toml:9")
    lines = (
        "License-Expression: (ISC OR MIT)",
        "License-Expression: Apache-2.0 WITH LLVM-exception",
        "License-Expression: ISC",
        "License: our own words",
    )
    assert said(town, allowed, *lines) == [
        "p2 1 has the licence ISC, which service.toml:9 does not allow",
        "p3 1 has the licence our own words, which service.toml:9 does not allow",
    ]
