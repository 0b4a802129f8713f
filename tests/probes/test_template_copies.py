from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from hotelctl.core.errors import NotApplicable
from hotelctl.core.judging import Had
from hotelctl.facts.template_copies import TemplateCopies
from hotelctl.probes.registry import OF_WHAT_IS_STAGED, PROBES
from tests.probes.worlds import World

_CONTRACT = 'schema = "hotelctl.env/1"\n[keys.LOGIN]\ndocs = "x"\nsecret = true\n'


def _world(env: str, **files: str) -> World:
    """`files` are tracked; a sign that no name of a parameter holds is written as `_`."""
    world = World()
    named = {name.replace("_", "."): text for name, text in files.items()}
    world.repository.commit("2" * 40, named)
    for name, text in {"env.toml": _CONTRACT, ".env.local": env, **named}.items():
        world.write(name, text)
    return world


def _found(world: World) -> TemplateCopies:
    found: TemplateCopies = world.fact(TemplateCopies)
    return found


def test_only_templates_are_searched_for_what_is_live_here() -> None:
    found = _found(_world("LOGIN=hunter2\n", _env_example="LOGIN=hunter2\n", notes_md="LOGIN=hunter2\n"))
    assert (found.templates, found.values) == ((".env.example",), 1)
    assert [(one.path, one.line, one.names) for one in found.copies] == [
        (".env.example", 1, ("LOGIN of .env.local",))
    ]


def test_no_other_file_is_read_so_that_a_deploy_can_ask_it(monkeypatch: pytest.MonkeyPatch) -> None:
    world = _world("LOGIN=hunter2\n", _env_example="LOGIN=hunter2\n", notes_md="LOGIN=hunter2\n")
    read: list[str] = []
    contents = world.files.contents

    def noted(root: Path, names: Sequence[str], limit_bytes: int) -> Mapping[str, bytes | str]:
        read.extend(names)
        return contents(root, names, limit_bytes)

    monkeypatch.setattr(world.files, "contents", noted)
    assert len(_found(world).copies) == 1
    assert read == [".env.example"]


def test_a_new_template_counts_and_the_next_commit_brings_its_own() -> None:
    world = _world("LOGIN=hunter2\n", notes_md="")
    world.write("deploy.env.dist", "LOGIN=hunter2\n")
    assert _why(world.had(TemplateCopies)) == "no template is here"
    world.repository.dirty = ("deploy.env.dist",)
    assert [one.path for one in _found(world).copies] == ["deploy.env.dist"]
    world.probes = {**PROBES, **OF_WHAT_IS_STAGED}
    assert _why(world.had(TemplateCopies)) == "nothing is staged"
    world.repository.index = {"a.sample": b"\nLOGIN=hunter2\n", "notes.md": b"LOGIN=hunter2\n"}
    assert [(one.path, one.line) for one in _found(world).copies] == [("a.sample", 2)]


def _why(had: Had) -> str:
    assert isinstance(had.trouble, NotApplicable)
    return had.trouble.reason


def test_a_placeholder_is_left_to_the_rule_about_placeholders() -> None:
    assert "nothing is set" in _why(
        _world("LOGIN=CHANGE_ME\n", _env_example="LOGIN=CHANGE_ME\n").had(TemplateCopies)
    )


def test_one_that_was_not_read_is_a_doubt() -> None:
    world = _world("LOGIN=hunter2\n", big_example="", big_bin="")
    for name in ("big.example", "big.bin"):
        world.write(name, b" " * 50_000_001)
    assert list(_found(world).doubts) == ["big.example"]
