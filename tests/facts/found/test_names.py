import pytest

from hotelctl.facts.found.names import by_name, entered


def test_each_file_is_known_by_its_name_the_nearest_first() -> None:
    found = by_name(
        (
            "api/Dockerfile",
            "Dockerfile",
            "docker-compose.prod.yml",
            "compose.yaml",
            "api/.env.sample",
            ".env.example",
            ".env",
            ".env.local",
            ".github/workflows/ci.yml",
            ".gitlab-ci.yml",
            "tests/test_a.py",
            "web/a.spec.ts",
            "docs/compose.md",
            "out/junit-unit.xml",
            "test-results/e2e.xml",
            "pom.xml",
        )
    )
    assert found.dockerfiles == ("Dockerfile", "api/Dockerfile")
    assert found.compose == ("compose.yaml", "docker-compose.prod.yml")
    assert found.examples == (".env.example", "api/.env.sample")
    assert found.env_files == (".env", ".env.local")
    assert found.workflows == (".gitlab-ci.yml", ".github/workflows/ci.yml")
    assert found.results == ("out/junit-unit.xml", "test-results/e2e.xml")
    assert found.tests == ("tests/test_a.py", "web/a.spec.ts")


@pytest.mark.parametrize("name", ["env.py", "environment.ts", "a.env.md", "examples/readme.txt"])
def test_other_names_are_none_of_them(name: str) -> None:
    found = by_name((name,))
    assert (found.examples, found.env_files) == ((), ())


def test_what_tools_and_others_wrote_is_not_entered() -> None:
    assert entered("api/build")
    assert not entered("web/node_modules")
    assert not entered(".venv")
