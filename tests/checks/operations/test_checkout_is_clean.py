from hotelctl.checks.operations.checkout_is_clean import checkout_is_clean
from tests.checks import made


def test_a_clean_checkout_is_fine() -> None:
    assert not made.judged(checkout_is_clean, made.tree())


def test_many_paths_are_summed_up() -> None:
    found = made.judged(checkout_is_clean, made.tree(tuple(f"f{n}.py" for n in range(25))))
    assert len(found) == 11
    assert found[-1].message.startswith("15 more")


def test_dirty_and_hidden_paths_are_named() -> None:
    found = made.judged(checkout_is_clean, made.tree(("a.py",), ("b.py",)))
    assert [finding.subject for finding in found] == ["a.py", "b.py"]
