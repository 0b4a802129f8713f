import pytest

from hotelctl.facts.changelog import entries, tells_unreleased


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Changelog\n\n## 1.2.0 (2026-01-31)\n\n- x\n\n## 1.1.0\n", [("1.2.0", 3), ("1.1.0", 7)]),
        ("## [Unreleased]\n\n## [1.2.0] - 2026-01-31\n", [("1.2.0", 3)]),
        ("### v1.2.0rc1\n", [("1.2.0rc1", 1)]),
        ("1.2.0 (2026)\n============\n\nx\n\n1.1 / 2025\n-----\n", [("1.2.0", 1), ("1.1", 6)]),
        ("# Town 1.2.0\n", [("1.2.0", 1)]),
        ("# Version 1.2.0: big\n", [("1.2.0", 1)]),
        ("Needs 3.11 or later.\n## 10 things\n## 3.11 is needed now\n## Python 3.11\n", []),
        ("", []),
    ],
)
def test_headings_that_begin_with_a_version(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(str(one.version), one.line) for one in entries(text, frozenset({"town"}))] == expected


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# Changelog\n\n## [Unreleased]\n\n### Added\n\n- x\n\n## 1.0\n", True),
        ("## Unreleased\n\n### Added\n\n## [1.0.0] - 2026-01-31\n\n- x\n", False),
        ("Unreleased\n==========\n\n* x\n", True),
        ("Unreleased\n----------\n\n1.0.0 (2026)\n------------\n\n* x\n", False),
        ("## Unreleased\n<!-- put\nit here -->\n", False),
        ("## 1.0.0\n\n- unreleased things\n", False),
        ("", False),
    ],
)
def test_what_is_yet_to_come_counts_when_it_says_something(text: str, told: bool) -> None:  # noqa: FBT001
    assert tells_unreleased(text) is told
