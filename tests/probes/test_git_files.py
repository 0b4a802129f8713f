from hotelctl.facts.git_files import GitFiles
from tests.probes.worlds import PROJECT, World


def test_tracked_ignored_and_exposed() -> None:
    world = World()
    world.repository.commit(
        "2" * 40, {".env": "A=1", ".env.example": "A=", "sub/.env.prod": "x", "env.py": "x"}
    )
    world.repository.ignore_patterns = (".env.local",)
    fact = world.had(GitFiles).value
    assert fact.tracked == (".env", "sub/.env.prod")
    assert fact.ignored == (".env.local",)
    assert fact.exposed == (".env.staging",)


def test_a_tracked_link_holds_no_values() -> None:
    world = World()
    world.repository.commit("2" * 40, {"web/.env": "../.env", "api/.env": "A=1"})
    world.write("web/.env", "A=1")
    world.files.links.add(PROJECT / "web/.env")
    assert world.had(GitFiles).value.tracked == ("api/.env",)
