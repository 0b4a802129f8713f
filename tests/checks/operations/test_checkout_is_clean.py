from hotelctl.checks.operations.checkout_is_clean import checkout_is_clean
from tests.checks import made


def test_a_clean_checkout_is_fine() -> None:
    assert not made.judged(checkout_is_clean, made.tree())


def test_dirty_and_hidden_paths_are_named() -> None:
    found = made.judged(checkout_is_clean, made.tree(("a.py",), ("b.py",)))
    assert [finding.subject for finding in found] == ["a.py", "b.py"]
