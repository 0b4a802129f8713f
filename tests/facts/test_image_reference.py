import pytest

from hotelctl.facts.image_reference import read_reference

_DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("alpine", "docker.io", "library/alpine", None, None),
        ("alpine:3.19", "docker.io", "library/alpine", "3.19", None),
        ("a/b:1", "docker.io", "a/b", "1", None),
        ("localhost/a", "localhost", "a", None, None),
        ("r.example.org:5000/a/b", "r.example.org:5000", "a/b", None, None),
        (f"ghcr.io/a/b:1@{_DIGEST}", "ghcr.io", "a/b", "1", _DIGEST),
        (f"alpine@{_DIGEST}", "docker.io", "library/alpine", None, _DIGEST),
    ],
)
def test_the_parts(text: str, registry: str, repository: str, tag: str | None, digest: str | None) -> None:
    found = read_reference(text)
    assert (found.registry, found.repository, found.tag, found.digest) == (registry, repository, tag, digest)


def test_an_entry_of_a_list_holds_whole_parts_only() -> None:
    image = read_reference("ghcr.io/acme/base:1")
    held = {one: image.is_within(one) for one in ("ghcr.io", "ghcr.io/acme/", "ghcr.io/ac", "docker.io")}
    assert held == {"ghcr.io": True, "ghcr.io/acme/": True, "ghcr.io/ac": False, "docker.io": False}


def test_what_a_variable_leaves_open() -> None:
    assert read_reference("a:${TAG}").is_open
    assert not read_reference("scratch").is_open
    assert read_reference("scratch").is_scratch
