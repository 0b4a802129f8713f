from hotelctl.checks.docker.images_are_pinned_by_digest import images_are_pinned_by_digest as check
from tests.checks import made
from tests.checks.docker import written


def test_a_digest_is_fine_also_by_an_argument() -> None:
    digest = "sha256:" + "a" * 64
    text = f"ARG BASE=alpine:3.19@{digest}\nFROM ${{BASE}}\nFROM alpine@{digest}\n"
    assert made.judged(check, written.files(text)) == []


def test_a_tag_is_told_once_an_image() -> None:
    (finding,) = made.judged(check, written.files("FROM alpine:3.19 AS a\nFROM alpine:3.19\n"))
    assert finding.fix.startswith("docker buildx imagetools inspect alpine:3.19 ")
    assert str(finding.location) == "Dockerfile:1"


def test_an_image_that_an_argument_decides_is_told_so() -> None:
    (finding,) = made.judged(check, written.files("ARG BASE\nFROM ${BASE}\n"))
    assert "an argument may give it one" in finding.message
