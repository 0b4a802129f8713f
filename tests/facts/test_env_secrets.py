from hotelctl.facts.env_files import scan
from hotelctl.facts.env_secrets import secret_entries


def found(text: str) -> list[tuple[str, str]]:
    """Name and value of each secret."""
    file = scan(".env", text)
    return [(name, value) for _, name, value in secret_entries((file,), lambda name: name.startswith("S"))]


def test_only_what_is_secret_by_its_name_and_no_reference_is_one() -> None:
    assert found("S=kX9vv7qLw2pQ\nT=kX9vv7qLw2pR\nS2=${S}\n") == [("S", "kX9vv7qLw2pQ")]


def test_a_value_that_goes_on_in_the_next_line_is_known_as_a_shell_reads_it() -> None:
    values = dict.fromkeys(value for _, value in found("S=kX9vv7\\\nqLw2pQ\n"))
    assert "kX9vv7qLw2pQ" in values
    assert "kX9vv7qLw2pQ" in {value for _, value in found('S="kX9vv7\\\nqLw2pQ"\n')}


def test_a_value_is_known_once() -> None:
    assert found("S=kX9vv7qLw2pQ\nA=b\\\nc\n") == [("S", "kX9vv7qLw2pQ")]
