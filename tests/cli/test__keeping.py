"""What kept results follow from: each of these makes another question of it."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import TypeAdapter

from hotelctl.adapters.later import Later
from hotelctl.cli._keeping import keeping
from hotelctl.cli._wiring import Wiring
from hotelctl.config.environment import Environment
from hotelctl.core.errors import Diverged
from hotelctl.core.finding import Severity
from hotelctl.core.judging import FactStore
from hotelctl.core.keeping import Keeping
from hotelctl.core.kept import NothingKept
from hotelctl.core.ports import WorkTree
from hotelctl.core.redact import Redactor
from hotelctl.core.report import Policy
from hotelctl.deploy.release import Release
from hotelctl.deploy.traffic import Traffic
from hotelctl.facts.code_reads import CodeReads
from hotelctl.facts.declared_imports import DeclaredImports, UndeclaredImport
from hotelctl.facts.leaks import Leak, TreeLeaks
from hotelctl.facts.migration_estimate import MigrationEstimate
from hotelctl.facts.migration_run import MigrationRun
from hotelctl.facts.round_trip import RoundTrip
from hotelctl.facts.schema_text import BuiltSchema
from hotelctl.facts.wheel_contents import ContentsRemark, WheelContents
from hotelctl.probes.registry import IN_A_SANDBOX
from tests.checks.made import NOON
from tests.fakes.repository import FakeRepository
from tests.probes.worlds import World

TREE = WorkTree(Path("/p"), "c" * 40, "main", ("v1",), (), (), False, NOON, "ev-0001")  # noqa: FBT003 - not shallow
NOTHING = Traffic(None)
SERVING = Traffic(cast("Release", SimpleNamespace(id="r1")))
LATER = Later("postgresql:///later", lambda: "postgresql:///made")


def _wiring(**changes: Any) -> Wiring:  # noqa: ANN401 - its fields
    world = World(**changes.pop("service", {}))
    variables: Mapping[str, str] = changes.pop("variables", {"COLOUR": "red"})
    configuration = SimpleNamespace(
        spec=world.spec,
        project=changes.pop("project", Path("/p")),
        environment_name=changes.pop("environment_name", "local"),
        environment=changes.pop("environment", Environment()),
    )
    usual = {
        "configuration": configuration,
        "environ": {"PATH": "/bin"},
        "redactor": Redactor(b"key"),
        "database_url": "postgresql:///later",
        "later": LATER,
        "release_env": lambda: variables,
        "ports": SimpleNamespace(
            clock=SimpleNamespace(now=lambda: NOON),
            scratch=SimpleNamespace(in_a_container=changes.pop("in_a_container", False)),
            repository=changes.pop("repository", FakeRepository(content={"a.py": ""})),
        ),
    }
    return cast("Wiring", SimpleNamespace(**(usual | changes)))


def _keeping(
    wiring: Wiring | None = None,
    tree: WorkTree = TREE,
    policy: Policy | None = None,
    traffic: Traffic = NOTHING,
) -> Keeping | None:
    facts = FactStore({}, None, cast("Any", None))
    return keeping(wiring or _wiring(), facts, NothingKept(), tree, policy or Policy(), traffic)


def _ground(**asked: Any) -> Mapping[str, str]:  # noqa: ANN401 - what `_keeping` takes
    found = _keeping(**asked)
    assert found is not None
    return found.ground


_OTHERS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "commit": lambda: {"tree": replace(TREE, commit="d" * 40)},
    "branch": lambda: {"tree": replace(TREE, branch="other")},
    "tags": lambda: {"tree": replace(TREE, tags=())},
    "shallow": lambda: {"tree": replace(TREE, shallow=True)},
    "policy": lambda: {"policy": Policy(Severity.LOW)},
    "service file": lambda: {"wiring": _wiring(service={"env": {"example": "other.example"}})},
    "environment": lambda: {"wiring": _wiring(environment_name="staging")},
    "profile": lambda: {"wiring": _wiring(environment=Environment(profile="production"))},
    "variable of the release": lambda: {"wiring": _wiring(variables={"COLOUR": "blue"})},
    "variable of programs": lambda: {"wiring": _wiring(environ={"PATH": "/usr/bin"})},
    "database": lambda: {"wiring": _wiring(database_url="postgresql:///live", later=None)},
}


@pytest.mark.parametrize("change", _OTHERS)
def test_each_of_these_makes_another_question(change: str) -> None:
    assert _ground(**_OTHERS[change]()) != _ground()


def test_where_the_throw_away_database_would_lie_makes_none() -> None:
    elsewhere = Later("postgresql:///elsewhere", LATER.make)
    assert _ground(wiring=_wiring(database_url="postgresql:///elsewhere", later=elsewhere)) == _ground()


@pytest.mark.parametrize(
    "tree",
    [replace(TREE, dirty=("a",)), replace(TREE, hidden=("a",)), replace(TREE, commit="")],
    ids=["dirty", "hidden", "unborn"],
)
def test_of_a_tree_that_is_not_its_commit_nothing_is_kept(tree: WorkTree) -> None:
    assert _keeping(tree=tree) is None


def _keeps_migrations(**asked: Any) -> bool:  # noqa: ANN401 - what `_keeping` takes
    found = _keeping(**asked)
    return found is not None and IN_A_SANDBOX[MigrationRun] in found.follows


def test_what_migrations_do_is_kept_only_where_no_database_can_live() -> None:
    assert _keeps_migrations()
    assert _keeps_migrations(wiring=_wiring(service={"database": None}, later=None, database_url=None))
    assert not _keeps_migrations(wiring=_wiring(later=None, database_url="postgresql:///live"))
    assert not _keeps_migrations(wiring=_wiring(later=None, database_url=None))


def test_a_release_that_serves_has_a_database_also_while_that_does_not_run() -> None:
    assert not _keeps_migrations(traffic=SERVING)
    assert not _keeps_migrations(traffic=Traffic(None, Diverged("two", "look")))


def test_a_run_that_was_stopped_is_not_kept() -> None:
    found = _keeping()
    assert found is not None
    whole = found.whole[MigrationRun]
    run = MigrationRun("nothing", "18", ("3.sql",), 1, ())
    assert whole(run)
    assert not whole(replace(run, stopped="killed"))


def test_a_search_that_left_a_file_out_is_not_kept() -> None:
    found = _keeping()
    assert found is not None
    whole = found.whole[TreeLeaks]
    leaks = TreeLeaks(("betterleaks",), 1, (Leak("key", "high", "a.py", 1, "<mark>"),))
    sources = CodeReads((), 1)
    assert found.whole[CodeReads](sources)
    assert not found.whole[CodeReads](replace(sources, skipped={"a.py": "is no Python"}))
    assert whole(leaks)
    assert not whole(replace(leaks, doubts={"a.bin": "is above 100 MB"}))


def test_what_two_programs_found_in_the_wheel_is_kept_and_read_again_as_it_was() -> None:
    """Else each command builds and installs it anew, for as long as one of them finds something."""
    found = _keeping()
    assert found is not None
    undeclared = UndeclaredImport("requests", "town/a.py", None)
    for fact in (
        DeclaredImports("town", ("deptry", "town"), 1, (undeclared,), {"yaml": "PyYAML"}),
        WheelContents("t.whl", ("it", "t.whl"), (ContentsRemark("W004", "Not there", ("a/01.py",)),)),
    ):
        assert found.whole[type(fact)](fact)
        reader: TypeAdapter[object] = TypeAdapter(type(fact))
        assert reader.validate_python(reader.dump_python(fact, mode="json")) == fact


def test_what_a_server_in_a_container_said_is_not_kept() -> None:
    contained, own = _keeping(_wiring(in_a_container=True)), _keeping()
    assert contained is not None
    assert own is not None
    assert own.foreign() == set()
    assert {MigrationRun, MigrationEstimate, RoundTrip, BuiltSchema} <= contained.foreign()
    assert not {CodeReads, TreeLeaks} & contained.foreign()


def test_a_search_that_found_something_in_a_file_of_no_commit_is_not_kept() -> None:
    found = _keeping()
    assert found is not None
    beside = Leak("key", "high", "scratch.py", 1, "<mark>")
    assert not found.whole[TreeLeaks](TreeLeaks(("betterleaks",), 2, (beside,)))


def _edits_and_takes_back(project: Path, _repository: FakeRepository) -> None:
    file = project / "src" / "a.py"
    state = file.stat()
    file.write_text("empty")
    file.write_text("a key")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))


def _comes_and_goes(project: Path, _repository: FakeRepository) -> None:
    (project / "src" / "scratch.py").write_text("a key")
    (project / "src" / "scratch.py").unlink()


def _commits(_project: Path, repository: FakeRepository) -> None:
    repository.commit("2" * 40, {"src/a.py": "a key"})


def _stays_changed(_project: Path, repository: FakeRepository) -> None:
    repository.dirty = ("src/a.py",)


def _hides(_project: Path, repository: FakeRepository) -> None:
    repository.hidden = ("src/a.py",)


def _nothing(project: Path, _repository: FakeRepository) -> None:
    (project / ".hotelctl" / "state").touch()


@pytest.mark.parametrize(
    "happens", [_nothing, _edits_and_takes_back, _comes_and_goes, _commits, _stays_changed, _hides]
)
def test_what_was_had_of_a_tree_that_was_another_in_between_is_not_kept(
    happens: Callable[[Path, FakeRepository], None], tmp_path: Path
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / ".hotelctl").mkdir()
    (tmp_path / "src" / "a.py").write_text("a key")
    repository = FakeRepository(tmp_path, {"src/a.py": "a key"})
    found = _keeping(_wiring(project=tmp_path, repository=repository), repository.work_tree())
    assert found is not None
    happens(tmp_path, repository)
    time.sleep(0.06)
    assert found.untouched() is (happens is _nothing)


def test_where_a_tracked_file_cannot_be_looked_at_nothing_is_kept(tmp_path: Path) -> None:
    repository = FakeRepository(tmp_path, {"gone.py": ""})
    found = _keeping(_wiring(project=tmp_path, repository=repository), repository.work_tree())
    assert found is not None
    assert not found.untouched()
