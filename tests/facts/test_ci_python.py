import pytest

from hotelctl.facts.ci_python import read_ci


def minors(text: str) -> list[tuple[int, str]]:
    """Line and version of every claim; nothing may be left open."""
    claims, doubts = read_ci("ci.yml", text)
    assert doubts == []
    return [(claim.line, claim.minor) for claim in claims]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('python-version: "3.12"  # why\n', [(1, "3.12")]),
        ("      - python-version: '3.11'\n        other: x\n", [(1, "3.11")]),
        ("python-version: [3.11, '3.12',\n  '3.13']\nafter: 3.9\n", [(1, "3.11"), (1, "3.12"), (1, "3.13")]),
        ("python-version:\n  - 3.11\n  - '3.12'\nafter: x\n", [(2, "3.11"), (3, "3.12")]),
        ("python-version: |\n  3.11\n  3.12\nafter: 3.9\n", [(2, "3.11"), (3, "3.12")]),
        ("python-version: pypy-3.10\n", [(1, "3.10")]),
        ("python-version: 3.x\npython-version-file: .python-version\n", []),
        ("env:\n  PY: '3.12'\nsteps:\n  - python-version: ${{ env.PY }}\n", [(2, "3.12")]),
        ("image: python:3.12-slim\n", [(1, "3.12")]),
        ("image:\n  name: registry.example.org/mirror/python:3.12\n", [(2, "3.12")]),
        ("variables:\n  PY: '3.13'\njob:\n  image: python:${PY}-slim\n", [(4, "3.13")]),
        ("image: postgres:16\nname: python tests\n", []),
    ],
)
def test_each_way_to_write_it(text: str, expected: list[tuple[int, str]]) -> None:
    assert minors(text) == expected


def test_what_leads_nowhere_is_a_doubt_with_its_line() -> None:
    claims, doubts = read_ci("ci.yml", "a: b\npython-version: ${{ inputs.python }}\n")
    assert (claims, doubts) == ([], ["ci.yml:2: ${{ inputs.python }} has no value in this file"])


def test_a_number_that_yaml_shortens_is_told() -> None:
    (claim,), _ = read_ci("ci.yml", "python-version: 3.10\n")
    assert "as 3.1" in claim.why_not
    (claim,), _ = read_ci("ci.yml", "python-version: 3.11\n")
    assert claim.why_not == ""
