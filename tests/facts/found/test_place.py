from hotelctl.facts.found.place import Found, first_line, line_at, nearest


def test_a_place_has_its_line_where_there_is_one() -> None:
    assert Found("x", "a.py", 3).place == "a.py:3"
    assert Found("x", "a.py").place == "a.py"


def test_lines_are_counted_from_one() -> None:
    assert line_at("a\nb\nc", 4) == 3
    assert first_line("a\n  name = 1\n", r"^ *name") == 2
    assert first_line("a", "b") is None


def test_the_nearest_to_the_root_comes_first() -> None:
    assert sorted(["a/b/c", "z", "a/b"], key=nearest) == ["z", "a/b", "a/b/c"]
