import pytest

from hotelctl.facts.code_reads import CodeReads, Read


@pytest.mark.parametrize(
    ("key", "read"),
    [
        ("A", True),
        ("B", True),
        ("WORD", True),
        ("APP__X", True),
        ("GIVEN", True),
        ("C", False),
        ("APP", False),
    ],
)
def test_what_counts_as_read(key: str, read: bool) -> None:  # noqa: FBT001 - the expected answer
    code = CodeReads(
        (Read(("A", "B"), "a.py", 1, "settings"),),
        1,
        words=frozenset({"WORD"}),
        beginnings=("APP__",),
        given=frozenset({"GIVEN"}),
    )
    assert code.is_read(key) is read
