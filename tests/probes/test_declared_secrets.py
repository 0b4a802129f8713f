from hotelctl.adapters.later import Later
from hotelctl.facts.docker_secrets import DeclaredSecrets
from hotelctl.facts.template_copies import LiveSecrets
from tests.probes.worlds import World

_CONTRACT = """schema = "hotelctl.env/1"
[keys.LOGIN]
docs = "x"
secret = true
[keys.API_KEY]
docs = "x"
"""


def test_names_and_values_of_the_contract() -> None:
    world = World()
    world.write("env.toml", _CONTRACT)
    world.write(".env.local", "LOGIN=one-value\nAPI_KEY=public\nOTHER_TOKEN=by-its-name\n")
    world.write(".env.staging", "LOGIN=other-value\n")
    fact = world.fact(DeclaredSecrets)
    assert fact.names == {"LOGIN"}
    assert [one.reveal() for one in fact.values] == ["one-value", "by-its-name", "other-value"]
    assert fact.doubt == ""


def test_without_a_contract_names_decide_and_stand_ins_do_not_count() -> None:
    world = World(env={"files": [".env.local"]})
    world.write(".env.local", "API_KEY=a-value\nDB_PASSWORD=changeme\nCOLOUR=red\n")
    fact = world.fact(DeclaredSecrets)
    assert (fact.names, [one.reveal() for one in fact.values]) == (frozenset(), ["a-value"])


def test_a_contract_that_cannot_be_read_is_a_doubt() -> None:
    world = World()
    world.write("env.toml", "schema")
    assert "env.toml" in world.fact(DeclaredSecrets).doubt


def test_without_a_service_file_there_is_no_contract_to_doubt() -> None:
    world = World(env={})
    world.written = False
    assert world.fact(DeclaredSecrets).doubt == ""


def test_the_address_of_a_database_that_is_made_for_this_command_is_nobodys_secret() -> None:
    world = World(env={"contract": "env.toml", "files": [".env.local"]})
    world.write("env.toml", _CONTRACT.replace("LOGIN", "DATABASE_URL"))
    world.write(".env.local", "API_TOKEN=a-value\n")
    world.release_env = {"DATABASE_URL": "postgresql://app:Xk29slwpq@/live"}
    assert [one.name for one in world.fact(LiveSecrets).known] == ["API_TOKEN", "DATABASE_URL"]
    world.later = Later("postgresql://app:Xk29slwpq@/live", lambda: "")
    assert [one.name for one in world.fact(LiveSecrets).known] == ["API_TOKEN"]
