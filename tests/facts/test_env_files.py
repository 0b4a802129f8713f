from io import StringIO

from dotenv import dotenv_values
from hypothesis import example, given
from hypothesis import strategies as st

from hotelctl.facts.env_files import scan

_TEXT = r"""# comment
A=1

  B = "two # words"  # note
export C='th\'ree'
D
E='open
F="ok
still f"
A=2
"""


def test_entries_know_their_own_line() -> None:
    file = scan(".env", _TEXT)
    found = [(entry.key, entry.value.reveal(), entry.line) for entry in file.entries]
    assert found == [
        ("A", "1", 2),
        ("B", "two # words", 4),
        ("C", "th'ree", 5),
        ("F", "ok\nstill f", 8),
        ("A", "2", 10),
    ]
    assert [entry.lines for entry in file.entries] == [1, 1, 1, 2, 1]
    last = file.last("A")
    assert last is not None
    assert last.line == 10
    assert file.last("Z") is None


def test_dropped_lines_are_named_without_text() -> None:
    assert [(one.line, "open" in one.why) for one in scan(".env", _TEXT).dropped] == [(6, False), (7, True)]


def test_values_stay_hidden_in_the_fact() -> None:
    assert "hunter2" not in repr(scan(".env", "A=hunter2\nB='hunter2"))


_LINES = st.lists(st.text(alphabet="AB= \t'\"#$\\x\n\r", max_size=20), max_size=6)


@given(_LINES)
def test_it_agrees_with_the_reader_of_the_service(lines: list[str]) -> None:
    text = "\n".join(lines)
    expected = {
        k: v for k, v in dotenv_values(stream=StringIO(text), interpolate=False).items() if v is not None
    }
    file = scan(".env", text)
    read = {entry.key: entry.value.reveal() for entry in file.entries}
    assert {key: read[key] for key in expected} == expected


@given(_LINES)
@example(["=\r", "A="])
def test_an_entry_stands_on_the_line_it_names(lines: list[str]) -> None:
    text = "\n".join(lines)
    whole = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for entry in scan(".env", text).entries:
        if entry.key.isprintable():
            assert entry.key in whole[entry.line - 1]
