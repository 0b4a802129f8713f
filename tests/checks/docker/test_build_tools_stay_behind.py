import pytest

from hotelctl.checks.docker.build_tools_stay_behind import build_tools_stay_behind as check
from tests.checks import made
from tests.checks.docker import written


@pytest.mark.parametrize(
    "text",
    [
        "FROM golang:1.22 AS build\nRUN apt-get install gcc\nFROM debian:12\nCOPY --from=build /a /a\n",
        "FROM a:1\nRUN apk add --virtual .b gcc musl-dev && make && apk del .b\n",
        "FROM a:1\nRUN apt-get install -y gcc && make && apt-get purge -y gcc\n",
        "FROM a:1\nRUN apt-get install -y curl ca-certificates\n",
    ],
)
def test_tools_that_are_not_in_the_image_are_fine(text: str) -> None:
    assert made.judged(check, written.files(text)) == []


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        ("FROM golang:1.22\n", 1, "golang:1.22"),
        ("FROM rust:1 AS b\nFROM b\n", 1, "rust:1"),
        ("FROM a:1\nRUN apt-get install -y gcc=4:12 build-essential curl\n", 2, "gcc, build-essential"),
        ("FROM a:1\nRUN apk add --no-cache musl-dev~=1.2\nRUN apk del musl-dev\n", 2, "musl-dev"),
    ],
)
def test_tools_in_the_image_are_told(text: str, line: int, named: str) -> None:
    (finding,) = made.judged(check, written.files(text))
    assert named in finding.message
    assert str(finding.location) == f"Dockerfile:{line}"
