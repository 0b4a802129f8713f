import pytest

from hotelctl.facts.git_files import looks_like_env_file
from hotelctl.facts.template_names import is_template, without_word


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (".env.example", ".env"),
        (".env.sample", ".env"),
        (".env.dist", ".env"),
        (".env.template", ".env"),
        (".env.tpl", ".env"),
        (".env.default", ".env"),
        (".env.defaults", ".env"),
        (".env.production.default", ".env.production"),
        ("env.example", ".env"),
        ("deploy/env.template", "deploy/.env"),
        ("default.env", ".env"),
        ("example.env", ".env"),
        ("deploy/sample.env", "deploy/.env"),
        (".ENV.EXAMPLE", ".ENV"),
        ("config.example.yaml", "config.yaml"),
        ("settings.dist.json", "settings.json"),
        ("docker-compose.tmpl.yml", "docker-compose.yml"),
        ("sample_settings.py", "_settings.py"),
    ],
)
def test_a_template_is_known_by_its_name_and_what_it_is_copied_to(path: str, to: str) -> None:
    assert is_template(path)
    assert without_word(path) == to


@pytest.mark.parametrize("path", [".env.dist", ".env.default", ".env.tpl", "sample.env", "env.example"])
def test_a_template_is_no_env_file_that_git_must_not_track(path: str) -> None:
    assert not looks_like_env_file(path, None)


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "examples.py",
        "distribution.md",
        "examples/app.py",
        "resample.py",
        "default.conf",
        "defaults.yaml",
        "nginx/default.env.conf",
    ],
)
def test_other_files_are_none(path: str) -> None:
    assert not is_template(path)


def test_the_services_own_example_is_one_whatever_its_name() -> None:
    assert is_template("deploy/variables.txt", "./deploy/variables.txt")
    assert not is_template("variables.txt", "deploy/variables.txt")
