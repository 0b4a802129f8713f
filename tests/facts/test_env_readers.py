from hotelctl.facts.env_readers import READERS, differences


def found(text: str, *readers: str, **process: str) -> list[tuple[str, int]]:
    return [(one.key, one.line) for one in differences(text, readers or tuple(READERS), process)]


def test_only_the_readers_that_are_asked_are_compared() -> None:
    text = "A='x'\n"
    assert found(text) == [("A", 1)]
    assert found(text, "python-dotenv", "posix-sh") == []


def test_keys_come_in_order_of_their_lines() -> None:
    assert found("B='x'\nC=1\nA='x'\n") == [("B", 1), ("A", 3)]


def test_a_refusal_is_told_and_the_others_are_still_compared() -> None:
    assert found("export B=1\nA='x'y\n") == [("", 1), ("A", 2)]


def test_where_all_give_up_nothing_differs() -> None:
    assert found("=x'\n", "docker-env-file", "posix-sh") == []


def test_two_values_left_open_by_one_reader_are_no_agreement() -> None:
    assert found("A=$(date)\n", "python-dotenv", "posix-sh") == [("A", 1)]


def test_no_value_is_in_the_words() -> None:
    one = next(differences("A='hunter2'\n", tuple(READERS), {}))
    assert "hunter2" not in repr(one)
    assert one.readers == {
        "python-dotenv": "7 characters",
        "docker-env-file": "9 characters",
        "posix-sh": "7 characters",
    }
