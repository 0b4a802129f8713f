import pytest

from hotelctl.facts.changelog import entries


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
