from hotelctl.facts.env_contract import EnvContract
from tests.probes.worlds import World


def test_it_is_read_from_the_file_that_the_service_names() -> None:
    world = World()
    world.write("env.toml", 'schema = "hotelctl.env/1"\n[keys.A]\ndocs = "a"\n')
    assert set(world.fact(EnvContract).keys) == {"A"}


def test_what_is_missing_or_damaged_is_told_apart() -> None:
    world = World()
    assert world.why_not(EnvContract) == "Unavailable: env.toml: the env contract is not there"
    world.write("env.toml", b"\xff")
    assert "not UTF-8" in world.why_not(EnvContract)
    assert World(env={}).why_not(EnvContract).startswith("NotApplicable")


def test_without_a_service_file_nobody_decided_to_have_none() -> None:
    world = World(env={})
    world.written = False
    assert world.why_not(EnvContract).startswith(
        "Unavailable: there is no hotelctl.toml with an env contract"
    )
