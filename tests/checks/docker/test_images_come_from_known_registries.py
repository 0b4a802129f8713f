import pytest

from hotelctl.checks.docker.images_come_from_known_registries import (
    images_come_from_known_registries as check,
)
from hotelctl.core.errors import NotApplicable
from tests.checks import made
from tests.checks.docker import written

_LIST = written.settings(registries=("docker.io", "ghcr.io/acme"), registries_source="service.toml:7")


def test_images_of_the_list_are_fine() -> None:
    text = "FROM python:3.12 AS a\nFROM docker.io/library/x:1\nFROM ghcr.io/acme/base:1\nFROM scratch\n"
    assert made.judged(check, written.files(text), _LIST) == []


@pytest.mark.parametrize("image", ["quay.io/a/b:1", "ghcr.io/acme-other/b:1", "localhost:5000/b:1"])
def test_others_are_told(image: str) -> None:
    (finding,) = made.judged(check, written.files(f"FROM {image}\n"), _LIST)
    assert finding.subject == image
    assert "service.toml:7" in finding.fix


def test_an_image_that_only_the_build_knows_is_unknown() -> None:
    assert "Dockerfile:2" in written.unknown(check, written.files("ARG R\nFROM $R/a:1\n"), _LIST)


def test_without_a_list_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        list(check.judge(written.files("FROM quay.io/a:1\n"), written.settings()))
