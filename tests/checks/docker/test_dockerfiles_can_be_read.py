from hotelctl.checks.docker.dockerfiles_can_be_read import dockerfiles_can_be_read as check
from tests.checks import made
from tests.checks.docker import written


def test_files_that_can_be_read_are_fine() -> None:
    assert made.judged(check, written.files("FROM alpine:3.19\n")) == []


def test_one_that_cannot_is_unknown_with_its_line() -> None:
    reason = written.unknown(check, written.with_broken("FROM alpine:3.19\n"))
    assert reason == "web.Dockerfile:3: unknown instruction"
