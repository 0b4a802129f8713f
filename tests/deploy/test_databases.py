import pytest

from hotelctl.deploy.databases import database_marks, is_another_database

ONE, OTHER = "db.example /notes", "db.example /other"


def _marks(identity: str | None, key: str = "k") -> dict[str, str | None]:
    return database_marks(identity, lambda text: f"[{key}:{text}]")


def test_the_same_is_the_same_when_the_key_of_hashes_was_lost() -> None:
    assert not is_another_database(_marks(ONE, "old"), _marks(ONE, "new"))
    assert is_another_database(_marks(ONE, "old"), _marks(OTHER, "new"))


@pytest.mark.parametrize(("now", "another"), [(ONE, False), (OTHER, True), (None, True)])
def test_a_journal_with_the_keyed_hash_alone_is_compared_by_it(now: str | None, *, another: bool) -> None:
    assert is_another_database({"database": _marks(ONE)["database"]}, _marks(now)) is another


def test_one_that_names_none_stands_in_nobodys_way() -> None:
    assert not is_another_database({}, _marks(ONE))
    assert not is_another_database(_marks(None), _marks(ONE))


def test_the_name_of_the_database_is_not_written_down() -> None:
    assert ONE not in str(_marks(ONE)["database_sha256"])
