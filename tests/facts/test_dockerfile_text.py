import re
from contextlib import suppress

import pytest
from e2b_dockerfile_utils import DockerfileSyntaxError
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.core.errors import Unavailable
from hotelctl.facts.dockerfile_text import _said, parse_dockerfile
from tests.checks.docker.labelled import LOOKED_AT, SET_ASIDE, cases

_HARD = [
    "FROM a\nRUN <<EOF\nFROM b\nUSER root\nEOF\nUSER c\n",
    'FROM a\nRUN <<-"EOF" bash\n\techo $X\n\tEOF\nCMD ["x"]\n',
    "FROM a\nCOPY <<ONE <<TWO /d/\none\nONE\ntwo\nTWO\nUSER c\n",
    "# escape=`\nFROM a\nRUN x `\n  y\nCOPY a C:\\b\n",
    "FROM a\nRUN x \\\n# comment\n\n  && y \\\n  && z\nUSER c\n",
    "\ufeffFROM a\r\nRUN x \\\r\n  y\r\nUSER c\r\n",
    "#syntax=docker/dockerfile:1\n# check=skip=all\nfrom --platform=linux/amd64 a as b\nonbuild run x\n",
    'FROM a\nENV A=1 B="two words" C=three\\ words\nENV D four five\nLABEL x="a \\"b\\" c"\n',
    'FROM a\nHEALTHCHECK --interval=5s CMD curl x || exit 1\nHEALTHCHECK NONE\nSHELL ["a", "b"]\n',
    'FROM a\nCMD [ "a" , "b" ]\nCMD ["a", \'b\']\nEXPOSE 80 90/udp\nVOLUME /a /b\nADD --chown=1 x y\n',
    "FROM a\nRUN echo '<<EOF'\nRUN cat <<< word\nUSER c\n",
]
_ALL = [*_HARD, *(case.dockerfile for part in (LOOKED_AT, SET_ASIDE) for case in cases(part))]


@pytest.mark.parametrize("text", _ALL)
def test_it_reads_as_the_engines_own_parser_does(text: str) -> None:
    engine = pytest.importorskip("dockerfile", reason="its wheel is there for Linux on x86-64 only")
    theirs = [
        (one.cmd.upper(), one.start_line, tuple(one.flags), one.json) for one in engine.parse_string(text)
    ]
    file = parse_dockerfile("Dockerfile", text.encode())
    ours = [
        (one.name, one.line, one.flags, one.is_json)
        for stage in file.stages
        for one in (stage.start, *stage.instructions)
    ]
    outer = sum(cmd == "ARG" for cmd, *_ in theirs[: next(n for n, t in enumerate(theirs) if t[0] == "FROM")])
    assert ours == theirs[outer:]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Dockerfile: is empty"),
        (b" \n\t\n", "Dockerfile: is empty"),
        (b"# only words\n", "Dockerfile: has no FROM instruction"),
        (b"RUN x\nFROM a\n", "Dockerfile:1: RUN stands before the first FROM"),
        (b"FROM a\nFRM b\n", "Dockerfile:2: unknown instruction"),
        (b"FROM a\nENV hunter2\n", "Dockerfile:2: ENV must have two arguments"),
        (b"FROM a\nENV A=1 hunter2\n", "Dockerfile:2: Syntax error - can't find ="),
        (b"FROM a\nRUN <<EOF\nx\n", "Dockerfile:2: unterminated heredoc"),
        (b"FROM a b\n", "Dockerfile:1: FROM takes an image and at most AS and a name"),
        (b"FROM a\nLABEL x=\xff\n", "Dockerfile:2: is not UTF-8"),
        (b"FROM a\nLABEL x=\0\n", "Dockerfile:2: holds a NUL byte"),
        (b"FROM a\nRUN " + b"x " * 40_000, "Dockerfile:2: is longer than 65535 bytes; no engine reads it"),
        (
            b"FROM a\nRUN " + b"x " * 5_000_000,
            "Dockerfile: has 10000011 bytes; more than 1000000 are not read",
        ),
        (b"FROM a\nCMD " + b"[" * 50_000, "Dockerfile: an instruction is nested too deeply to be read"),
        (b"FROM a\n" + b"ENV A=x\n" * 2_000, "Dockerfile: has more than 2000 instructions"),
        (b"# escape=x\nFROM a\n", "Dockerfile:1: invalid escape token 'x' does not match ` or \\"),
    ],
)
def test_what_is_no_dockerfile_says_where(data: bytes, reason: str) -> None:
    with pytest.raises(Unavailable) as caught:
        parse_dockerfile("Dockerfile", data)
    assert caught.value.reason == reason


def test_what_the_parser_says_of_a_word_does_not_repeat_it() -> None:
    assert "hunter2" not in _said(DockerfileSyntaxError("failed to process 'hunter2': no end", 2))


_PARTS = [
    *("FROM a", "RUN x \\", "  y", "# c", "", "RUN <<E", "E", 'ENV A=1 B="x y"', "COPY a b", 'CMD ["a"]'),
    *("CMD [a]", "# escape=`", "`", "\\", 'USER "a b"', "RUN <<-'E' sh", "\tE", " ENV X y z", "EXPOSE 1 2"),
    *("ARG X", "\r", "\t", "RUN --mount=type=secret,id=a x", "HEALTHCHECK NONE", "LABEL a=b \\"),
    *('RUN echo "<<E"', "ONBUILD RUN x"),
]


@given(st.lists(st.sampled_from(_PARTS), max_size=9))
def test_what_the_engine_can_read_is_read_as_it_does(lines: list[str]) -> None:
    engine = pytest.importorskip("dockerfile", reason="its wheel is there for Linux on x86-64 only")
    text = "FROM a\n" + "\n".join(lines) + "\n"
    theirs, ours, said = None, None, ""
    with suppress(engine.GoParseError):
        nodes = engine.parse_string(text)
        theirs = [((one.cmd or "").upper(), one.start_line, tuple(one.flags), one.json) for one in nodes]
    try:
        stages = parse_dockerfile("Dockerfile", text.encode()).stages
        every = [one for stage in stages for one in (stage.start, *stage.instructions)]
        ours = [(one.name, one.line, one.flags, one.is_json) for one in every]
    except Unavailable as refusal:
        said = refusal.reason
    # The engine knows its instructions only when it builds; its parser takes every word for one.
    assert ours == theirs or "unknown instruction" in said


@given(
    st.lists(
        st.sampled_from([*"\\`\n\r\t #<>=\"'$[]{}-", "FROM a\n", "RUN ", "ENV ", "<<E", "E\n", "ARG A=", "x"])
    )
)
def test_whatever_stands_there_is_read_or_refused(parts: list[str]) -> None:
    said = None
    try:
        assert parse_dockerfile("Dockerfile", "".join(parts).encode()).stages
    except Unavailable as refusal:
        said = refusal.reason
    assert said is None or re.match(r"Dockerfile(:\d+)?: \S", said)


def test_an_argument_that_is_given_takes_the_place_of_its_default_and_one_that_is_not_declared_does_not() -> (
    None
):
    text = b"ARG BASE=debian:12\nARG OTHER\nFROM ${BASE}\nFROM ${OTHER}\nFROM ${NOBODY}\n"
    given = {"BASE": f"debian@sha256:{'0' * 64}", "OTHER": "alpine:3.20", "NOBODY": "busybox:1"}
    first, second, third = parse_dockerfile("Dockerfile", text, given).stages
    assert first.base.digest == f"sha256:{'0' * 64}"
    assert second.base.tag == "3.20"
    assert "busybox" not in str(third.base)
