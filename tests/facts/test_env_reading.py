import os
from io import StringIO
from unittest import mock

import pytest
from dotenv import dotenv_values
from hypothesis import example, given
from hypothesis import strategies as st

from hotelctl.facts.env_reading import Reading, read_docker, read_dotenv

_PROCESS = {"HOME": "/h", "A": "from outside"}
_LINES = st.lists(st.text(alphabet="AB= \t'\"#$\\\\x{}:-\n\r", max_size=20), max_size=6)


def values(reading: Reading) -> dict[str, str]:
    return {key: one.value.reveal() for key, one in reading.taken.items() if one.value is not None}


@given(_LINES)
@example([":=", ":"])
def test_dotenv_is_read_as_the_library_reads_it(lines: list[str]) -> None:
    text = "\n".join(lines)
    with mock.patch.dict(os.environ, _PROCESS, clear=True):
        library = dotenv_values(stream=StringIO(text), interpolate=True)
    assert values(read_dotenv(text, _PROCESS)) == {k: v for k, v in library.items() if v is not None}


def test_a_name_alone_takes_back_what_stood_above() -> None:
    assert values(read_dotenv("A=1\nB=2\nA\n", {})) == {"B": "2"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1\nB='x y' # z\n", {"A": "1", "B": "'x y' # z"}),
        ("\ufeffA=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("  A=1 \n\t# note\n\u00a0B=\n", {"A": "1 ", "B": ""}),
        ("A==x=\nA=2\n", {"A": "2"}),
        ("HOME\nNONE\n", {"HOME": "/h"}),
        ("$B=${HOME}\n", {"$B": "${HOME}"}),
        ("A=a\vb\n", {"A": "a\vb"}),
    ],
)
def test_docker_takes_all_after_the_equals_sign(text: str, expected: dict[str, str]) -> None:
    reading = read_docker(text, _PROCESS)
    assert reading.refused is None
    assert values(reading) == expected


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("A=1\nexport B=2\n", 2, "space"),
        ("A =1\n", 1, "space"),
        ("A=1\n\n=2\n", 3, "no name"),
        ("A=1\nB=\udcff\n", 2, "UTF-8"),
    ],
)
def test_docker_gives_the_whole_file_up(text: str, line: int, words: str) -> None:
    reading = read_docker(text, {})
    assert reading.refused is not None
    assert (reading.refused.line, dict(reading.taken)) == (line, {})
    assert words in reading.refused.why
