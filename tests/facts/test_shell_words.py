import pytest

from hotelctl.facts.dockerfile_text import parse_dockerfile
from hotelctl.facts.shell_words import inline_script, shell_text, simple_commands


def text_of(line: str) -> str:
    """What the shell is given by this RUN."""
    return shell_text(parse_dockerfile("Dockerfile", f"FROM a\n{line}\n".encode()).final.instructions[0])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a b && c 'd e' | f", [("", "a b"), ("&&", "c d e"), ("|", "f")]),
        ("sudo -E X=1 a; env Y=2 b", [("", "a"), (";", "b")]),
        ("a > out 2>&1; b", [("", "a 2"), (";", "b")]),
        ("# no\na \\\n  b\nc", [("", "a b"), (";", "c")]),
        ("if a; then b; fi", [("", "a"), (";", "b"), (";", "fi")]),
        ("echo 'open | b", [("", "echo 'open"), ("|", "b")]),
        ("X=1", []),
    ],
)
def test_commands_with_what_connects_them(text: str, words: list[tuple[str, str]]) -> None:
    found = [(one.before, " ".join(one.words)) for one in simple_commands(text)]
    assert [one for one in found if one[1]] == words


def test_the_text_is_what_a_shell_gets() -> None:
    assert text_of("RUN a && b") == "a && b"
    assert text_of('RUN ["sh", "-c", "a | b"]') == "a | b"
    assert text_of('RUN ["a", "b c"]') == "a 'b c'"
    assert text_of("RUN <<E\na\nb\nE") == "a\nb\n"
    assert text_of("RUN <<E bash -e\na\nE") == "a\n"
    assert text_of("RUN cat <<E > /x\nsecret\nE").split() == ["cat", ">", "/x"]


def test_a_script_by_c() -> None:
    assert inline_script(("tini", "--", "/bin/bash", "-lc", "a")) == "a"
    assert inline_script(("sh", "a.sh", "-c")) is None
