from dataclasses import replace

from hotelctl.facts.env_contract import parse_contract
from hotelctl.facts.release_environment import ReleaseEnvironment
from hotelctl.probes.release_environment import release_environment
from tests.probes.worlds import World

_CONTRACT = 'schema = "hotelctl.env/1"\n[keys.A]\ndocs = "a"\n[keys.DATABASE_URL]\ndocs = "d"\n'


def test_each_value_knows_where_it_came_from() -> None:
    world = World()
    world.write("env.toml", _CONTRACT)
    world.write(".env.local", "# x\nA=file\nB=file")
    world.environ = {"B": "process"}
    world.release_env = {"A": "file", "B": "process", "COLOUR": "red", "DATABASE_URL": "made"}
    settings = world.fact(ReleaseEnvironment).settings
    assert {key: one.source for key, one in settings.items()} == {
        "A": ".env.local:2",
        "B": "process environment",
        "COLOUR": "hotelctl.toml:7",
        "DATABASE_URL": "set by hotelctl",
    }
    assert str(settings["A"].location) == ".env.local:2"
    assert settings["B"].location is None


def test_a_url_that_is_entered_by_another_role_still_comes_from_where_it_was_set() -> None:
    world = World()
    world.write("env.toml", _CONTRACT)
    world.environ = {"DATABASE_URL": "postgresql://owner@db/x", "A": "mine"}
    world.release_env = {"DATABASE_URL": "postgresql://run_time@db/x", "A": "another"}
    settings = world.fact(ReleaseEnvironment).settings
    assert (settings["DATABASE_URL"].source, settings["A"].source) == (
        "process environment",
        "set by hotelctl",
    )


def test_a_value_of_several_lines_says_how_many_it_takes() -> None:
    world = World()
    world.write("env.toml", _CONTRACT)
    world.write(".env.local", "\n\nA='one\ntwo\nthree' # x\n\n")
    world.release_env = {"A": "one\ntwo\nthree"}
    setting = world.fact(ReleaseEnvironment).settings["A"]
    assert (str(setting.location), setting.lines) == (".env.local:3", 3)


def test_without_a_contract_nothing_is_judged() -> None:
    assert World(env={}).why_not(ReleaseEnvironment).startswith("NotApplicable")


def test_no_variable_at_all_is_a_fact_so_that_required_keys_are_missed() -> None:
    world = World()
    world.write("env.toml", _CONTRACT)
    world.release_env = {}
    assert world.fact(ReleaseEnvironment).settings == {}


def test_the_files_that_are_read_are_named_also_when_they_are_not_there() -> None:
    world = World()
    world.write("env.toml", _CONTRACT)
    assert world.fact(ReleaseEnvironment).files == (".env.local",)


def test_a_value_that_the_caller_gave_says_so() -> None:
    world = World()
    world.environ = {"A": "process"}
    world.release_env = {"A": "given"}
    context = world.context()
    context = replace(context, configuration=replace(context.configuration, given={"A": "given"}))
    found = release_environment(context, parse_contract("env.toml", _CONTRACT))
    assert found.settings["A"].source == "--from-json"
