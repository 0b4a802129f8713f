from hotelctl.facts.private_files import PrivateFile, PrivateFiles
from tests.probes.worlds import PROJECT, World

_CONTRACT = """
schema = "hotelctl.env/1"
[keys.KEYRING]
docs = "Signs."
type = "path"
private = true
[keys.OTHER]
docs = "A path that is nobody's secret."
type = "path"
"""


def _world(keyring: str) -> World:
    world = World()
    world.write("env.toml", _CONTRACT)
    world.release_env = {"KEYRING": keyring, "OTHER": "env.toml"}
    return world


def test_every_file_of_a_directory_and_the_directory_are_looked_at() -> None:
    world = _world("keys")
    world.write("keys/a.pem", "a")
    world.write("keys/b.pem", "b")
    world.files.make_directory(PROJECT / "keys", 0o700)
    world.files.modes |= {PROJECT / "keys/a.pem": 0o644, PROJECT / "keys/b.pem": 0o600}
    assert world.fact(PrivateFiles).files == (
        PrivateFile("keys", 0o700, "KEYRING", is_directory=True),
        PrivateFile("keys/a.pem", 0o644, "KEYRING"),
        PrivateFile("keys/b.pem", 0o600, "KEYRING"),
    )


def test_a_file_elsewhere_is_named_whole() -> None:
    world = _world("/etc/thing/key")
    world.files.content[PROJECT.parent / "etc/thing/key"] = b"k"
    assert world.fact(PrivateFiles).files == (PrivateFile("/etc/thing/key", 0o644, "KEYRING"),)


def test_what_is_not_there_yet_is_no_question() -> None:
    assert _world("keys").why_not(PrivateFiles) == "NotApplicable: nothing is there yet: KEYRING"


def test_without_a_private_file_there_is_no_question() -> None:
    world = _world("keys")
    world.release_env = {"OTHER": "env.toml"}
    assert "the contract calls no file private" in world.why_not(PrivateFiles)
