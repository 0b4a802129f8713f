from hotelctl.facts.compose import ComposeFiles
from tests.probes.worlds import World


def test_all_that_git_tracks_are_read_and_what_cannot_be_is_a_doubt() -> None:
    world = World()
    texts = {
        "deploy/compose.yml": "services: {b: {build: .}}\n",
        "docker-compose.yml": "services: {a: {build: .}}\n",
        "compose.dev.yaml": "services: [\n",
        "decompose.yml": "x: 1\n",
    }
    world.repository.commit("2" * 40, texts)
    for name, text in texts.items():
        world.write(name, text)
    found = world.fact(ComposeFiles)
    assert [one.path for one in found.files] == ["docker-compose.yml", "deploy/compose.yml"]
    assert list(found.doubts) == ["compose.dev.yaml"]
    assert found.doubts["compose.dev.yaml"].startswith("compose.dev.yaml:2: is not YAML")


def test_a_project_without_any_has_none() -> None:
    assert World().had(ComposeFiles).value == ComposeFiles(())
