import pytest

from hotelctl.facts.git_files import looks_like_env_file


@pytest.mark.parametrize("path", [".env", ".env.production", "deploy/.env.local", "config/prod.env"])
def test_files_with_values(path: str) -> None:
    assert looks_like_env_file(path, ".env.example")


@pytest.mark.parametrize(
    "path", [".env.example", ".env.sample", "a/.env.dist", "env.md", "environment.py", "my.environ"]
)
def test_examples_and_others(path: str) -> None:
    assert not looks_like_env_file(path, ".env.example")
