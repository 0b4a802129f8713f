import pytest

from hotelctl.facts.leaving import ContextFiles
from tests.probes.worlds import PROJECT, World


def _world(*ignore: str, **changes: object) -> World:
    """A project that tracks `app.py` and a Dockerfile; all else is ignored by git, but for `new.py`."""
    world = World(**changes)
    world.repository.commit("2" * 40, {"Dockerfile": "FROM x\n", "app.py": "x"})
    world.repository.dirty = ("new.py",)
    for name in ("Dockerfile", "app.py", "new.py", "local.json", "sub/local.json", "sub/id_rsa", ".git/HEAD"):
        world.write(name, "{}\n")
    for name in (".env.local", ".env"):
        world.write(name, "A=1\n")
    if ignore:
        world.write(".dockerignore", "\n".join((*ignore, ".dockerignore")))
    return world


def _found(world: World) -> ContextFiles:
    found: ContextFiles = world.fact(ContextFiles)
    return found


def test_what_git_ignores_and_the_engine_is_sent_is_read_but_the_history_and_declared_env_files() -> None:
    found = _found(_world())
    assert found.dockerfiles == ("Dockerfile",)
    assert list(found.files) == [".env", "local.json", "sub/id_rsa", "sub/local.json"]
    assert found.doubts == {}


@pytest.mark.parametrize(
    ("ignore", "sent"),
    [
        (("*",), []),
        (("sub", ".env"), ["local.json"]),
        (("*", "!sub/local.json"), ["sub/local.json"]),
        (("**/local.json",), [".env", "sub/id_rsa"]),
    ],
)
def test_dockerignore_decides(ignore: tuple[str, ...], sent: list[str]) -> None:
    assert list(_found(_world(*ignore)).files) == sent


def test_one_dockerfile_that_lets_it_in_is_enough() -> None:
    world = _world("*")
    world.write("b.Dockerfile", "FROM x\n")
    world.write("b.Dockerfile.dockerignore", "sub\n.env*\n*.dockerignore\n.dockerignore\nb.Dockerfile\n")
    assert list(_found(world).files) == ["local.json"]


def test_paths_are_told_from_the_project_where_the_context_is_a_part_of_it() -> None:
    assert list(_found(_world(docker={"context": "sub"})).files) == ["sub/id_rsa", "sub/local.json"]


def test_without_a_dockerfile_nothing_is_sent() -> None:
    world = _world()
    world.repository.commit("3" * 40, {"app.py": "x"})
    world.files.remove(world.context().configuration.project / "Dockerfile")
    assert _found(world) == ContextFiles((), {}, {})


def test_an_ignore_file_that_cannot_be_read_is_a_doubt() -> None:
    world = _world()
    world.write(".dockerignore", b"\xff\xfe")
    assert _found(world).doubts == {"Dockerfile": ".dockerignore: is not UTF-8"}


def test_more_than_can_be_read_is_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotelctl.probes.context_files._MOST_BYTES", 5_000_000)
    world = _world("*", "!sub")
    world.write("sub/big.bin", bytes(6_000_000))
    assert "more than 5 MB" in _found(world).doubts["."]
    monkeypatch.setattr("hotelctl.probes.context_files._MOST_FILES", 1)
    assert "more than 1 files" in _found(_world("*", "!sub")).doubts["."]


def test_the_secrets_of_releases_are_read_where_nothing_keeps_them_from_the_engine() -> None:
    kept = ".hotelctl/local/releases/r1/env.json"
    for ignored, sent in ((), True), ((".hotelctl",), False):
        world = _world(*ignored)
        world.write(kept, '{"TOKEN": "x"}')
        assert (kept in _found(world).files) is sent


def test_only_what_lies_in_the_context_of_the_dockerfile_is_sent() -> None:
    world = _world()
    texts = {"sub/Dockerfile": "FROM x\nCOPY . .\n", "compose.yml": "services: {sub: {build: ./sub}}\n"}
    world.repository.commit("2" * 40, texts)
    for name, text in texts.items():
        world.write(name, text)
    world.files.remove(PROJECT / "Dockerfile")
    assert list(_found(world).files) == ["sub/id_rsa", "sub/local.json"]


def test_what_hotelctl_kept_of_earlier_answers_is_not_searched_as_what_leaves_the_project() -> None:
    kept = "cache/kept/0a1b.json"
    world = _world("*", "!.hotelctl", "!sub")
    for name in (f".hotelctl/{kept}", f"sub/.hotelctl/{kept}", f"sub/{kept}", ".hotelctl/key"):
        world.write(name, '{"key": "x"}')
    found = set(_found(world).files)
    assert found == {".hotelctl/key", f"sub/{kept}", "sub/id_rsa", "sub/local.json"}
