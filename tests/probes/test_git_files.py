from hotelctl.facts.git_files import GitFiles
from tests.probes.worlds import World


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
