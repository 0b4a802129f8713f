import re

import pytest

from hotelctl.checks.docker.images_have_a_version import images_have_a_version as check
from hotelctl.core.errors import Unavailable
from tests.checks import made
from tests.checks.docker import written


def test_what_is_found_counts_although_another_file_is_broken() -> None:
    found = iter(check.judge(written.with_broken("FROM alpine\n")))
    assert next(found).subject == "alpine"
    with pytest.raises(Unavailable, match=re.escape(written.BROKEN.why)):
        next(found)


def test_nothing_passes_while_a_file_is_broken() -> None:
    assert written.unknown(check, written.with_broken("FROM alpine:3.19\n")) == written.BROKEN.why


def test_every_file_is_asked() -> None:
    found = made.judged(check, written.files("FROM alpine\n", "FROM debian:latest\n"))
    assert [str(one.location) for one in found] == ["Dockerfile:1", "Dockerfile.2:1"]
