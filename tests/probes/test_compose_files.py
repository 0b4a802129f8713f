from collections.abc import Mapping

from hotelctl.facts.compose import ComposeFiles
from tests.probes.worlds import World


def committed(texts: Mapping[str, str]) -> ComposeFiles:
    """What is made of a commit that holds these files."""
    world = World()
    world.repository.commit("2" * 40, texts)
    for name, text in texts.items():
        world.write(name, text)
    found: ComposeFiles = world.fact(ComposeFiles)
    return found


def test_all_that_git_tracks_are_read_and_what_cannot_be_is_a_doubt() -> None:
    found = committed(
        {
            "deploy/compose.yml": "services: {b: {build: .}}\n",
            "docker-compose.yml": "services: {a: {build: .}}\n",
            "compose.dev.yaml": "services: [\n",
            "decompose.yml": "x: 1\n",
        }
    )
    assert [one.path for one in found.files] == ["docker-compose.yml", "deploy/compose.yml"]
    assert list(found.doubts) == ["compose.dev.yaml"]
    assert found.doubts["compose.dev.yaml"].startswith("compose.dev.yaml:2: is not YAML")


def test_files_that_others_include_or_extend_are_read_whatever_they_are_called() -> None:
    found = committed(
        {
            "compose.yml": "include: [infra/db.yml, gone.yml]\nservices: {a: {build: .}}\n",
            "infra/db.yml": "services: {db: {extends: {service: x, file: x.yml}}}\n",
            "infra/x.yml": "services: {x: {build: x}}\n",
        }
    )
    assert [one.path for one in found.files] == ["compose.yml", "infra/db.yml", "infra/x.yml"]
    assert [one.name for one in found.built_by("infra/x/Dockerfile")] == ["db"]
    assert found.doubts["compose.yml"].startswith("compose.yml: needs gone.yml")


def test_the_env_file_beside_says_which_files_are_one() -> None:
    found = committed(
        {
            "compose.yml": "services: {a: {build: .}}\n",
            "infra/prod.yml": "services: {a: {build: {dockerfile: prod.Dockerfile}}}\n",
            ".env": "COMPOSE_FILE=compose.yml:infra/prod.yml:gone.yml\n",
        }
    )
    assert [one.name for one in found.built_by("prod.Dockerfile")] == ["a"]
    assert found.built_by("Dockerfile") == ()
    assert found.doubts["gone.yml"].startswith("gone.yml: is not there")
    assert found.open_calls[0].startswith(".env:1: it needs gone.yml: is not there")


def test_what_scripts_and_workflows_compose_is_one() -> None:
    found = committed(
        {
            "docker-compose.yml": "services: {a: {build: .}}\n",
            "infra/prod.yml": "services: {a: {build: {dockerfile: prod.Dockerfile}}}\n",
            "scripts/up": "#!/bin/sh\nset -e\ndocker compose -f docker-compose.yml -f infra/prod.yml up -d\n",
            ".github/workflows/ci.yml": "x:\n  run: docker compose -f docker-compose.yml -f $OTHER up\n",
        }
    )
    (made,) = found.compositions
    assert (made.name, str(made.said)) == ("docker-compose.yml + infra/prod.yml", "scripts/up:3")
    assert [one.name for one in found.built_by("prod.Dockerfile")] == ["a"]
    assert found.open_calls == (
        ".github/workflows/ci.yml:2: which file $OTHER is, is not known before it runs",
    )


def test_a_project_without_any_has_none() -> None:
    assert World().had(ComposeFiles).value == ComposeFiles(())
