import pytest

from hotelctl.facts.licence import COPYLEFT, expression, is_met
from hotelctl.facts.package_metadata import PackageMetadata, read_metadata


def package(*lines: str) -> PackageMetadata:
    """A package whose METADATA has these lines, too."""
    return read_metadata("\n".join(("Name: a", "Version: 1", *lines, "")).encode())


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("License-Expression: mit or apache-2.0", "License: x"), "MIT OR Apache-2.0"),
        (("Classifier: License :: OSI Approved :: MIT License", "License: x"), "MIT"),
        (("Classifier: License :: OSI Approved", "License: Apache License 2.0"), "Apache-2.0"),
        (("License: BSD-2-Clause",), "BSD-2-Clause"),
        (("License: Our words", "Classifier: License :: Other/Proprietary License"), "Our words"),
        (("Classifier: License :: Other/Proprietary License",), "Other/Proprietary License"),
        (("License: MIT License\n        Copyright",), "MIT"),
        (("License: UNKNOWN",), ""),
        (("Classifier: License :: OSI Approved",), ""),
        ((), ""),
    ],
)
def test_what_a_package_says_of_its_licence(lines: tuple[str, ...], expected: str) -> None:
    assert expression(package(*lines)) == expected


@pytest.mark.parametrize(
    ("said", "met"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(GPL-3.0-only OR MIT) AND ISC", True),
        ("MIT AND (GPL-3.0-only OR AGPL-3.0-only)", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("LGPL-3.0-or-later", True),
        ("SSPL-1.0", False),
        ("our words AND more", True),
    ],
)
def test_or_needs_one_and_and_needs_both(said: str, met: bool) -> None:  # noqa: FBT001 - expected
    assert is_met(said, lambda one: not COPYLEFT.fullmatch(one)) is met


def test_an_exception_can_be_allowed_by_itself() -> None:
    said = "GPL-2.0-only WITH Classpath-exception-2.0"
    assert is_met(said, lambda one: one == said)
