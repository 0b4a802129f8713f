from dataclasses import replace

import pytest

from hotelctl.checks.env.readers_agree import readers_agree
from hotelctl.core.errors import NotApplicable
from tests.checks import made

_ALL = replace(made.contract(A={}), consumers=("python-dotenv", "docker-env-file", "posix-sh"))
_PLAIN = "# note\nA=hunter2\nURL=https://example.org/x?y=1\nEMPTY=\n"


def test_plain_lines_are_the_same_for_all() -> None:
    assert not made.judged(readers_agree, made.files(_PLAIN), _ALL, made.environment())


def test_one_reader_alone_cannot_disagree() -> None:
    with pytest.raises(NotApplicable, match="python-dotenv"):
        made.judged(readers_agree, made.files("A='b'"), made.contract(A={}), made.environment())


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("A='hunter2'", "quotes"),
        ("A=hunter2 # note", "comment"),
        ("A=hunter2$HOME", "dollar"),
        ("A=hunter2\r", "CR"),
        ("A=hunter2 more", "space in the value"),
        ("A=hunter2&b=c", "shell obeys"),
        ("A= hunter2", "space at its equals sign"),
        ('A="hunter2\nmore"', "quotes"),
        ("A=hunter2\\x", "backslash"),
    ],
)
def test_what_readers_differ_on_is_named_with_line_and_cause(line: str, cause: str) -> None:
    found = made.judged(readers_agree, made.files(f"B=1\n{line}\n"), _ALL, made.environment())
    (finding,) = [one for one in found if one.subject == "A"]
    assert str(finding.location) == ".env.local:2"
    assert cause in finding.message


def test_a_file_that_a_reader_gives_up_is_told_once() -> None:
    (finding,) = made.judged(readers_agree, made.files("B=1\nexport A=hunter2\n"), _ALL, made.environment())
    assert finding.subject == ".env.local docker-env-file"
    assert str(finding.location) == ".env.local:2"
    assert "the word export" in finding.message


def test_a_reference_is_filled_in_by_some() -> None:
    here = made.process(HOST="example.org")
    found = made.judged(readers_agree, made.files("A=${HOST}\n"), _ALL, here)
    assert "python-dotenv: 11 characters, docker-env-file: 7 characters, posix-sh: 11" in found[0].message
