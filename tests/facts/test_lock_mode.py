import pytest

from hotelctl.facts.lock_mode import LockMode, lock_mode


@pytest.mark.parametrize(
    ("name", "words", "refuses"),
    [
        ("AccessShareLock", "ACCESS SHARE", ""),
        ("RowShareLock", "ROW SHARE", ""),
        ("RowExclusiveLock", "ROW EXCLUSIVE", ""),
        ("ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE", ""),
        ("ShareLock", "SHARE", "writes"),
        ("ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE", "writes"),
        ("ExclusiveLock", "EXCLUSIVE", "writes"),
        ("AccessExclusiveLock", "ACCESS EXCLUSIVE", "reads and writes"),
    ],
)
def test_what_a_lock_refuses_to_others(name: str, words: str, refuses: str) -> None:
    mode = lock_mode(name)
    assert (mode.words, mode.refuses) == (words, refuses)
    assert (mode.refuses_reads, mode.refuses_writes) == ("reads" in refuses, "writes" in refuses)


def test_the_stronger_is_the_greater() -> None:
    assert sorted(LockMode, key=lambda mode: (mode.refuses_reads, mode.refuses_writes)) == sorted(LockMode)
    assert max(LockMode.SHARE, LockMode.ROW_EXCLUSIVE) is LockMode.SHARE


def test_a_name_that_is_none() -> None:
    with pytest.raises(KeyError):
        lock_mode("SIReadLock")
