import pytest

from hotelctl.facts.dockerfile_names import looks_like_dockerfile, order


@pytest.mark.parametrize(
    "path",
    ["Dockerfile", "a/Dockerfile.web", "web.Dockerfile", "Containerfile", "Dockerfile-dev", "dockerfile"],
)
def test_names(path: str) -> None:
    assert looks_like_dockerfile(path)


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile.dockerignore",
        "Dockerfile.md",
        "Dockerfile.j2",
        "test_dockerfile.py",
        "Dockerfiles",
        "my-dockerfile",
    ],
)
def test_other_names(path: str) -> None:
    assert not looks_like_dockerfile(path)


def test_the_services_own_comes_first() -> None:
    names = ["a/Dockerfile", "Dockerfile.web", "Dockerfile", "api.Dockerfile"]
    assert sorted(names, key=order) == ["Dockerfile", "Dockerfile.web", "api.Dockerfile", "a/Dockerfile"]
