"""What kept results follow from: each of these makes another question of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

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
from hotelctl.facts.leaks import TreeLeaks
from hotelctl.facts.migration_run import MigrationRun
from hotelctl.probes.registry import IN_A_SANDBOX
from tests.checks.made import NOON
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
        "ports": SimpleNamespace(clock=SimpleNamespace(now=lambda: NOON)),
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
    leaks = TreeLeaks(("betterleaks",), 1, ())
    sources = CodeReads((), 1)
    assert found.whole[CodeReads](sources)
    assert not found.whole[CodeReads](replace(sources, skipped={"a.py": "is no Python"}))
    assert whole(leaks)
    assert not whole(replace(leaks, doubts={"a.bin": "is above 100 MB"}))
