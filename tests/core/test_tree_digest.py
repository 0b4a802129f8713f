import hashlib

from hotelctl.core.tree_digest import tree_digest


def test_names_and_what_they_are_count_in_their_order() -> None:
    one, two = ("a", "file 1"), ("b", "directory")
    assert tree_digest([one, two]) == hashlib.sha256(b"a\0file 1\0b\0directory\0").hexdigest()
    assert len({tree_digest(each) for each in ([one, two], [two, one], [one], [])}) == 4
