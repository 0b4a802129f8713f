"""Every object once, and what is new when it came."""

from dataclasses import replace

import pytest

from hotelctl.facts.archives import NO_READER
from hotelctl.facts.object_search import ObjectSearch, SearchedValues
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import NamedSecret
from hotelctl.probes.object_search import object_search
from tests.facts.test_archives import whys, zipped
from tests.fakes.kept import FakeKept
from tests.probes.worlds import World

_VALUE = "Tr0ub4dor-and-three-more"
_KNOWN = SearchedValues((NamedSecret(("LOGIN",), Secret(_VALUE)),))


class _Place:
    """A history that is searched again and again."""

    def __init__(self) -> None:
        self.world, self.kept = World(), FakeKept()

    def searched(self, values: SearchedValues = _KNOWN) -> tuple[ObjectSearch, set[str]]:
        """What is found, and the commits that were read for it."""
        self.world.repository.shown.clear()
        context = replace(self.world.context(), kept=self.kept)
        found = object_search(context, context.repository.work_tree(), values)
        return found, {one[0] for one in self.world.repository.shown}


def test_only_what_is_new_is_read_and_what_was_found_stays() -> None:
    place = _Place()
    place.world.repository.commit("a" * 40, {"a.py": _VALUE, "a.zip": zipped({"b": _VALUE.encode()})})
    first, read = place.searched()
    assert "a" in read
    assert {(hit.object_id, hit.names) for hit in first.hits} == {
        (f"{'a' * 40}:{name}", ("LOGIN",)) for name in ("a.py", "a.zip")
    }
    assert first.archives == (f"{'a' * 40}:a.zip",)
    assert place.searched() == (first, set())
    place.world.repository.commit(
        "b" * 40, {"b.py": _VALUE, "c.zst": b"\x28\xb5\x2f\xfd", "d": "é".encode("utf-16")}
    )
    found, read = place.searched()
    assert read == {"b"}
    assert [hit.object_id for hit in found.hits[len(first.hits) :]] == [f"{'b' * 40}:b.py"]
    assert found.hits[: len(first.hits)] == first.hits
    assert (len(found.archives), found.utf_16) == (2, (f"{'b' * 40}:d",))
    assert whys(found.doubts) == {f"{'b' * 40}:c.zst": NO_READER.format("zstd")}
    assert found.objects == first.objects + 3


def test_pointers_of_git_lfs_are_told_as_long_as_they_are_there() -> None:
    place, oid = _Place(), "4d7a" * 16
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 9\n"
    for sign in "ab":
        place.world.repository.commit(sign * 40, {"big.bin": text, "about.md": f"It says: {text}"})
        assert place.searched()[0].large[f"{sign * 40}:big.bin"] == oid
    assert len(place.searched()[0].large) == 2
    del place.world.repository.commits["a" * 40]
    place.world.repository.commit("c" * 40, {"c.py": "nothing"})
    assert place.searched()[0].large == {f"{'b' * 40}:big.bin": oid}


def test_other_values_or_another_key_are_searched_for_everywhere() -> None:
    place = _Place()
    place.world.repository.commit("a" * 40, {"a.py": "nothing"})
    assert place.searched()[1]
    other = SearchedValues((NamedSecret(("LOGIN",), Secret(_VALUE[::-1])),))
    assert "a" in place.searched(other)[1]
    named = SearchedValues((NamedSecret(("OTHER",), Secret(_VALUE)),))
    assert "a" in place.searched(named)[1]
    assert place.searched()[1] == set()


def test_what_is_gone_is_not_told_of_any_more() -> None:
    place = _Place()
    place.world.repository.commit("a" * 40, {"a.py": _VALUE})
    assert place.searched()[0].hits
    del place.world.repository.commits["a" * 40]
    place.world.repository.commit("b" * 40, {"b.py": "nothing"})
    assert place.searched()[0].hits == ()


def test_a_clone_that_lacks_something_is_searched_and_never_gone_on_from() -> None:
    place = _Place()
    place.world.repository.commit("a" * 40, {"a.py": _VALUE})
    place.world.repository.shallow = True
    for _ in "twice":
        found, read = place.searched()
        assert found.hits
        assert "a" in read


def test_where_git_fails_what_was_found_until_then_stays() -> None:
    place = _Place()
    place.world.repository.broken = "bad object"
    found, _ = place.searched()
    assert found.trouble == "the history cannot be read: bad object"
    place.world.repository.broken = ""
    assert place.searched()[0].trouble == ""


def test_after_thirty_times_everything_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotelctl.probes.object_search.MOST_IN_A_ROW", 1)
    place = _Place()
    for sign in "abcd":
        place.world.repository.commit(sign * 40, {"a.py": "nothing"})
        place.searched()
    place.world.repository.commit("e" * 40, {"a.py": "nothing"})
    assert place.searched()[1] == set("1abcde")
    place.world.repository.commit("f" * 40, {"a.py": "nothing"})
    assert place.searched()[1] == {"f"}
