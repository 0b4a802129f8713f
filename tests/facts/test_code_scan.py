import pytest

from hotelctl.facts.code_scan import is_source, scanned


def test_every_language_is_read_together() -> None:
    found = scanned(
        {
            "a.py": b"import os\nos.environ['PY']\n",
            "b.ts": b"process.env.TS\n",
            "c.prisma": b'// url = env("OLD_URL")\n  url = env("PRISMA_URL")\n',
            "d.yml": b"x: ${COMPOSE_ONLY}\n",
        }
    )
    assert [(read.names, read.path, read.line) for read in found.reads] == [
        (("PY",), "a.py", 2),
        (("TS",), "b.ts", 1),
        (("PRISMA_URL",), "c.prisma", 2),
    ]
    assert found.is_read("COMPOSE_ONLY")
    assert found.files == 4


def test_what_cannot_be_read_is_told_by_its_path() -> None:
    found = scanned({"a.py": b"os.environ[", "b.js": "is a link"}, frozenset({"GIVEN"}))
    assert found.skipped == {
        "a.py": "is no Python that this one can parse (SyntaxError)",
        "b.js": "is a link",
    }
    assert found.is_read("GIVEN")


@pytest.mark.parametrize(
    ("path", "below", "expected"),
    [
        ("app/a.py", (), True),
        ("tests/a.py", (), False),
        ("app/test_a.py", (), False),
        ("web/a.spec.ts", (), False),
        ("app/a.py", ("app",), True),
        ("apple/a.py", ("app",), False),
    ],
)
def test_sources_are_all_but_tests_or_what_is_named(
    path: str,
    below: tuple[str, ...],
    expected: bool,  # noqa: FBT001 - a case
) -> None:
    assert is_source(path, below) is expected
