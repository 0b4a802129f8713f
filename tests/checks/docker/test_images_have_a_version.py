import pytest

from hotelctl.checks.docker.images_have_a_version import images_have_a_version as check
from tests.checks import made
from tests.checks.docker import written

_DIGEST = "sha256:" + "1" * 64


@pytest.mark.parametrize(
    "text",
    [
        "FROM alpine:3.19\n",
        f"FROM alpine@{_DIGEST}\n",
        "FROM scratch\n",
        "ARG V=3.19\nFROM alpine:$V\n",
        "FROM alpine:${V:-3.19}\n",
        "FROM golang:1.22 AS build\nFROM build\nCOPY --from=build /a /a\nCOPY --from=0 /a /a\n",
        "FROM localhost:5000/a:1\n",
    ],
)
def test_a_version_is_fine(text: str) -> None:
    assert made.judged(check, written.files(text)) == []


@pytest.mark.parametrize(
    ("text", "subject", "line"),
    [
        ("FROM alpine\n", "alpine", 1),
        ("# x\nFROM --platform=linux/amd64 alpine:latest AS a\n", "alpine:latest", 2),
        ("ARG V=latest\nFROM alpine:${V}\n", "alpine:latest", 2),
        ("FROM localhost:5000/a\n", "localhost:5000/a", 1),
        ("FROM a:1\nCOPY --from=tools /a /a\n", "tools", 2),
        ("FROM a:1\nRUN --mount=type=bind,from=tools,target=/t true\n", "tools", 2),
    ],
)
def test_none_or_latest_is_not(text: str, subject: str, line: int) -> None:
    (finding,) = made.judged(check, written.files(text))
    assert (finding.subject, str(finding.location)) == (subject, f"Dockerfile:{line}")
    assert "VERSION" in finding.fix


def test_an_argument_without_a_default_is_unknown() -> None:
    reason = written.unknown(check, written.files("ARG BASE\nFROM ${BASE}\n"))
    assert reason.startswith("Dockerfile:2: which image ${BASE} is")
