import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from hotelctl.core.by_name import full_name
from hotelctl.core.judging import Probe
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.leaving import ArtifactFiles, ContextFiles, LeavingCopies, LeavingLeaks
from hotelctl.probes.registry import (
    IN_A_DEPLOY,
    OF_WHAT_IS_STAGED,
    PROBES,
    WHERE_NOTHING_IS_BUILT,
    builds_on,
)
from tests.fakes.processes import Answer
from tests.fakes.wheels import wheel
from tests.probes.test_tree_leaks import clean_answer
from tests.probes.worlds import World

_CONTRACT = 'schema = "hotelctl.env/1"\n[keys.LOGIN]\ndocs = "x"\nsecret = true\n'
_VALUE = "kX9vv7qLw2pQ"
_TRACKED = {"Dockerfile": "FROM x\n", "thing.py": "x = 1\n", "lock.txt": ""}


def _world(probes: Mapping[type, Probe] = PROBES, **members: str) -> World:
    """A wheel with these members, by their names without the `.py`; `local.json` is ignored and sent."""
    world = World()
    world.repository.commit("2" * 40, _TRACKED)
    for name, text in {**_TRACKED, "env.toml": _CONTRACT, ".env.local": f"LOGIN={_VALUE}\n"}.items():
        world.write(name, text)
    world.write("local.json", f'{{\n"a": "{_VALUE}"}}\n')
    world.write(".dockerignore", "*\n!local.json\n")
    world.work.wheel = wheel({f"{name}.py": text for name, text in members.items()})
    world.processes.answer(("fs",), clean_answer("leaving.tar"))
    world.probes = {**PROBES, **probes}
    return world


def _copies(world: World) -> list[str]:
    return [f"{one.path}:{one.line}" for one in world.fact(LeavingCopies).copies]


def test_values_in_use_are_searched_for_in_the_context_and_in_every_member_of_the_artifact() -> None:
    world = _world(thing=_TRACKED["thing.py"], made=f"\n\nA = '{_VALUE}'\n")
    assert _copies(world) == ["local.json:2", "thing.whl/made.py:3"]


def test_without_values_that_are_known_the_scanner_alone_searches() -> None:
    world = _world(made="A = 1\n")
    world.write(".env.local", "LOGIN=\n")
    assert _copies(world) == []
    assert world.fact(LeavingLeaks).argv[0] == "betterleaks"


def test_the_scanner_is_given_what_git_does_not_track_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    world = _world(thing=_TRACKED["thing.py"], made="A = 1\n")
    written: dict[str, bytes] = {}
    write = world.files.write_durable

    def noted(path: Path, data: bytes, mode: int = 0o644) -> None:
        written[path.name] = data
        write(path, data, mode)

    monkeypatch.setattr(world.files, "write_durable", noted)
    assert world.fact(LeavingLeaks).leaks == ()
    with tarfile.open(fileobj=io.BytesIO(written["leaving.tar"])) as archive:
        names = {name for name in archive.getnames() if ".dist-info/" not in name}
    own = {"planted-by-hotelctl.txt", "names-by-hotelctl.txt"}
    assert names == {"local.json", "thing.whl/made.py", *own}


def test_a_scanner_that_cannot_judge_is_no_clean_answer() -> None:
    world = _world(made="A = 1\n")
    world.processes.answer(("fs",), Answer(0, json.dumps({})))
    assert world.why_not(LeavingLeaks).startswith("Unavailable: betterleaks")


def test_a_build_that_failed_leaves_nothing_that_could_be_searched() -> None:
    world = _world()
    world.work.wheel = None
    assert world.why_not(ArtifactFiles) == "Unavailable: there is no artifact: the build failed"


def test_a_deploy_looks_into_its_artifact_alone_and_starts_no_tool() -> None:
    world = _world(IN_A_DEPLOY, made=f"A = '{_VALUE}'\n")
    assert _copies(world) == ["thing.whl/made.py:1"]
    assert world.had(ContextFiles).value.dockerfiles == ()
    assert world.had(LeavingLeaks).value.leaks == ()
    assert not builds_on(LeavingLeaks, full_name(Artifact), IN_A_DEPLOY)
    assert not world.evidence.of("process")


def test_where_nothing_is_built_the_artifact_is_left_out_and_none_is_missed_where_there_is_none() -> None:
    world = _world(WHERE_NOTHING_IS_BUILT)
    assert world.had(ArtifactFiles).value.left_out.startswith("the artifact was not looked into")
    assert _copies(world) == ["local.json:2"]
    world.spec = world.spec.model_copy(update={"build_": None})
    assert world.had(ArtifactFiles).value == ArtifactFiles("", {})


def test_the_next_commit_is_sent_nowhere() -> None:
    assert _world(OF_WHAT_IS_STAGED).why_not(ContextFiles).startswith("NotApplicable: --staged looks at")
