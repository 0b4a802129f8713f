import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotelctl.facts.env_sh import read_sh

_PROCESS = {"HOST": "example.org", "PATH": "/nowhere"}
_KEYS = ("A", "B", "C")
_ASK = r"""
set -a
. ./env
printf '%s\0' "A=${A-(absent)}" "B=${B-(absent)}" "C=${C-(absent)}"
"""


def real(text: str, directory: Path) -> dict[str, str] | None:
    """What the machine's own sh has for the keys; None where it gives the file up."""
    (directory / "env").write_text(text, newline="")
    done = subprocess.run(
        ["/bin/sh", "-c", _ASK], cwd=directory, env=_PROCESS, capture_output=True, check=False, timeout=20
    )
    if done.returncode != 0:
        return None
    pairs = (part.partition("=") for part in done.stdout.decode().split("\0") if part)
    return {key: value for key, _, value in pairs if value != "(absent)"}


def agree(text: str, directory: Path) -> None:
    """The parser and the shell have the same; what the parser leaves open is not compared."""
    mine, theirs = read_sh(text, _PROCESS), real(text, directory)
    if mine.refused is not None or theirs is None:
        assert (mine.refused is not None) == (theirs is None), (text, mine, theirs)
        return
    for key in _KEYS:
        one = mine.taken.get(key)
        if one is None or one.value is not None:
            here = None if one is None or one.value is None else one.value.reveal()
            assert here == theirs.get(key), (text, key)


@pytest.mark.parametrize(
    "text",
    [
        "A=1\nB='x y'\nC=\"a $HOST ${HOST}\"\n",
        "A=1 # note\nB=1#no\n# C=1\n",
        "export A=1 B=2\nC=3\n",
        "A=1 B=2\nC=3 nothing\n",
        "A=x;B=y\nC=a&b\n",
        'A=a\\ b\nB="a\\n\\""\nC=a\\\nb\n',
        "A=1\r\nB='x'\r\n",
        "\ufeffA=1\nB=2\n",
        "A='two\nlines'\nB=\"two\nlines\"\n",
        "A=${NONE:-x}${HOST:-y}${NONE-z}\nB=$NONE\n",
        "A = 1\nB= 1\n",
        "A='open\nB=1\n",
        'A="open\n',
        "A=(x)\n",
        "A=1\n)\n",
        "if\n",
        "A='a'\"b\"c\n",
        "A=1\nA=2\n",
        "A.B=1\n1A=1\nC=1\n",
        "A=1 | B=2\nC=3 && B=4\n",
        ";\n",
        "A=1\nunterminated `\n",
        "A=x\\",
        "export A\nB=\n",
        "A=\"$\"\nB=$\nC=a$'b'\n",
    ],
)
def test_it_agrees_with_the_shell_of_this_machine(text: str, tmp_path: Path) -> None:
    agree(text, tmp_path)


_LINE = st.text(alphabet="AB=x '\"#$\\;&{H\r", max_size=12)


@settings(max_examples=100)
@given(lines=st.lists(_LINE, max_size=4))
def test_it_agrees_on_lines_that_nobody_would_write(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    agree("\n".join(f"{'ABC'[n % 3]}={line}" for n, line in enumerate(lines)), tmp_path_factory.mktemp("sh"))


@pytest.mark.parametrize("value", ["$(date)", "`date`", "~/x", "$1", "${HOST%x}", "a&b", "a <b", "x y"])
def test_what_only_a_running_shell_knows_is_left_open(value: str) -> None:
    assert read_sh(f"A={value}\n", _PROCESS).taken["A"].value is None
