"""Which values are searched for, and in which files."""

import gzip

import pytest

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.archives import BROKEN, TOO_LARGE
from hotelctl.facts.object_search import SearchedValues
from hotelctl.facts.secret_copies import SecretCopies, SecretValues
from hotelctl.facts.secret_history import SecretHistory
from hotelctl.probes.object_search import object_search
from hotelctl.probes.secret_copies import secret_copies
from hotelctl.probes.secret_history import secret_history
from hotelctl.probes.tree_files import tree_files
from tests.checks import made
from tests.facts.test_archives import whys, zipped
from tests.probes.worlds import PROJECT, World

_CONTRACT = """schema = "hotelctl.env/1"
[keys.LOGIN]
docs = "x"
secret = true
[keys.COLOUR]
docs = "x"
"""
_ONE, _TWO = "kX9vv7qLw2pQ", "m4Zt8RbbW1cY"


def _world(**files: str) -> World:
    world = World()
    world.write("env.toml", _CONTRACT)
    world.write(".env.local", f"LOGIN={_ONE}\nCOLOUR=purple-orange-yellow\n")
    for name, text in files.items():
        world.write(f"{name}.py", text)
    return world


def test_values_come_from_env_files_and_by_the_contract_from_the_environments() -> None:
    world = _world()
    world.environ = {"LOGIN": _TWO, "COLOUR": "purple-orange-yellow-2"}
    assert [one.value.reveal() for one in world.fact(SecretValues).known] == [_ONE, _TWO]


def test_a_value_of_this_process_counts_beside_that_of_the_release() -> None:
    world = _world()
    world.environ, world.release_env = {"LOGIN": _TWO}, {"LOGIN": "w7Rr2KfdP9xZ"}
    values = [one.value.reveal() for one in world.fact(SecretValues).known]
    assert values == [_ONE, _TWO, "w7Rr2KfdP9xZ"]


def test_a_contract_that_cannot_be_read_is_no_list_of_secrets() -> None:
    world = _world()
    world.write("env.toml", "schema")
    assert "env.toml" in str(world.had(SecretValues).trouble)


def _copies(world: World, *new: str) -> SecretCopies:
    context = world.context()
    return secret_copies(context, tree_files(context, made.tree(new)), world.fact(SecretValues))


def test_a_copy_in_a_file_of_the_project_is_found_with_its_line() -> None:
    world = _world(new=f"A = 1\nB = '{_ONE}'\n")
    found = _copies(world, "new.py")
    assert [(one.names, one.path, one.line) for one in found.copies] == [
        (("LOGIN of .env.local",), "new.py", 2)
    ]
    assert found.values == 1


def test_an_env_file_may_hold_its_own_value_as_long_as_git_does_not_track_it() -> None:
    world = _world()
    assert _copies(world, ".env.local").copies == ()
    world.repository.commit("c" * 40, {".env.local": f"LOGIN={_ONE}\n"})
    assert [one.path for one in _copies(world).copies] == [".env.local"]


def test_without_a_value_that_can_be_searched_for_there_is_nothing_to_ask() -> None:
    world = _world()
    world.write(".env.local", "LOGIN=tulip12\n")
    with pytest.raises(NotApplicable, match=r"LOGIN of \.env\.local: too short or too common"):
        _copies(world, "env.toml")


def _history(world: World) -> SecretHistory:
    context = world.context()
    tree = context.repository.work_tree()
    searched = object_search(context, tree, world.fact(SearchedValues))
    return secret_history(context, tree, world.fact(SecretValues), searched, tree_files(context, tree))


def test_a_copy_that_is_gone_from_the_checkout_is_found_in_the_history() -> None:
    world = _world()
    world.repository.commit("a" * 40, {"old.py": f"B = '{_ONE}'"})
    world.repository.commit("b" * 40, {"old.py": "B = environ['LOGIN']"})
    (one,) = _history(world).copies
    assert (one.names, one.encoded, one.reached) == (("LOGIN of .env.local",), False, True)
    assert [trace.path for trace in one.traces] == ["old.py"]
    assert one.traces[0].commit == "a" * 40
    world.repository.unreached = {"a" * 40}
    assert [(copy.traces, copy.reached) for copy in _history(world).copies] == [((), False)]
    world.repository.untraceable = "bad tree"
    found = _history(world)
    assert [(copy.traces, copy.reached) for copy in found.copies] == [((), None)]
    assert found.gap == "the history cannot be read: bad tree"


def test_a_copy_in_a_compressed_archive_of_the_history_is_found() -> None:
    world = _world()
    world.repository.window_bytes = 50
    world.repository.commit("a" * 40, {"old.zip": zipped({"in.gz": gzip.compress(_ONE.encode())})})
    world.repository.commit("b" * 40, {"old.zip": zipped({"in.gz": b"nothing"})})
    (one,) = _history(world).copies
    assert (one.names, one.encoded) == (("LOGIN of .env.local",), False)
    assert [(trace.commit, trace.path) for trace in one.traces if trace.came] == [("a" * 40, "old.zip")]


def test_each_secret_and_each_of_very_many_copies_is_placed() -> None:
    world = _world()
    world.environ = {"LOGIN": _TWO}
    world.repository.commit("a" * 40, {f"{n}.py": f"{n} {_ONE} {_TWO}" for n in range(53)})
    found = _history(world).copies
    assert len(found) == 106
    assert all(copy.reached and copy.traces for copy in found)
    assert {copy.names for copy in found} == {("LOGIN of .env.local",), ("LOGIN",)}


def test_a_value_that_lies_on_the_border_of_two_windows_is_found() -> None:
    world = _world()
    world.repository.commit("a" * 40, {"old.py": f"{'x' * 1000}{_ONE}"})
    world.repository.window_bytes = 1005
    assert [copy.traces[0].path for copy in _history(world).copies] == ["old.py"]


def test_what_the_clone_does_not_hold_or_git_cannot_read_is_a_gap() -> None:
    world = _world()
    assert _history(world).gap == ""
    world.repository.partial = True
    assert _history(world).gap.startswith("the clone is partial")
    world.repository.shallow = True
    world.repository.broken = "bad object"
    assert _history(world).gap.startswith("the clone is shallow")
    world.repository.partial = world.repository.shallow = False
    assert _history(world).gap == "the history cannot be read: bad object"


def test_the_history_of_a_project_that_is_a_part_of_the_repository_is_named_from_the_project() -> None:
    world = _world()
    world.repository.root = PROJECT.parent
    world.repository.commit("a" * 40, {f"{PROJECT.name}/old.py": _ONE, "outside.py": _ONE})
    paths = [one.traces[0].path for one in _history(world).copies]
    assert paths == ["old.py", "../outside.py"]


def test_an_archive_that_is_not_opened_is_told_of_tree_and_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotelctl.facts.archives.LARGEST_BYTES", 300)
    world = _world()
    whole, large = zipped({"a": _ONE.encode()}), zipped({"a": bytes(301)})
    files = {"a.zip": whole, "cut.zip": whole[:-9], "large.zip": large}
    for name, content in files.items():
        world.files.write_durable(PROJECT / name, content, 0o600)
    found = _copies(world, *files)
    assert [one.path for one in found.copies] == ["a.zip!a"]
    assert whys(found.doubts) == {"cut.zip": BROKEN, "large.zip": TOO_LARGE}
    world.repository.commit("c" * 40, files)
    past = _history(world)
    assert {one.traces[0].path for one in past.copies} == {"a.zip"}
    assert whys(past.doubts) == {"cut.zip": BROKEN, "large.zip": TOO_LARGE}


def test_a_name_of_a_branch_or_tag_that_holds_a_value_is_a_copy_and_is_not_repeated() -> None:
    world = _world()
    world.repository.branch, world.repository.tags = f"try-{_ONE}", {"v1": "c" * 40}
    (one,) = _history(world).copies
    assert (one.names, one.called, one.object_id) == (
        ("LOGIN of .env.local",),
        "branch",
        world.repository.head,
    )
    assert _ONE not in repr(one)
    world.repository.branch, world.repository.tags = None, {f"v1-{_ONE}": "c" * 40}
    assert [copy.called for copy in _history(world).copies] == ["tag"]
