"""What results of `validate` follow from, so that those that passed need not be had again."""

import time
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from hotelctl.adapters.kept_ground import identity
from hotelctl.adapters.process import clean_environment
from hotelctl.adapters.touched import stamp_of_each
from hotelctl.cli._following import OF_A_SERVER, following
from hotelctl.cli._wiring import Wiring
from hotelctl.core.by_name import ByName
from hotelctl.core.judging import FactStore
from hotelctl.core.keeping import Keeping
from hotelctl.core.kept import KeptResults
from hotelctl.core.ports import WorkTree
from hotelctl.core.report import Policy
from hotelctl.deploy.traffic import Traffic

if TYPE_CHECKING:
    from hotelctl.facts.code_reads import CodeReads
    from hotelctl.facts.declared_imports import DeclaredImports
    from hotelctl.facts.leaks import TreeLeaks
    from hotelctl.facts.migration_run import MigrationRun
    from hotelctl.facts.wheel_contents import WheelContents

_GOOD_FOR = timedelta(days=1)
_THROW_AWAY = "a throw-away one"
# Clocks of file systems tick every few milliseconds: of what was changed just now the next change might
# not be seen.
_SETTLED_NS = 50_000_000


def keeping(
    wiring: Wiring, facts: FactStore, kept: KeptResults, tree: WorkTree, held_to: Policy, traffic: Traffic
) -> Keeping | None:
    """None where the work tree is not what the commit says, and results are of nobody knows what."""
    if tree.dirty or tree.hidden or not tree.commit:
        return None
    tracked = frozenset(wiring.ports.repository.tracked(("*",)))
    return Keeping(
        kept=kept,
        facts=facts,
        follows=following(wiring.configuration.spec, database_lives=_database_lives(wiring, traffic)),
        ground=_ground(wiring, tree, held_to),
        said=frozenset({WorkTree}),
        not_before=wiring.ports.clock.now() - _GOOD_FOR,
        identity=lambda program: identity(program, wiring.environ),
        mark=wiring.redactor.mark,
        untouched=_untouched(wiring, tree, tracked),
        # Which image a tag means, and which engine has it, is another one tomorrow.
        foreign=lambda: OF_A_SERVER if wiring.ports.scratch.in_a_container else frozenset(),
        whole=ByName(
            {
                "hotelctl.facts.migration_run.MigrationRun": _was_watched_to_its_end,
                "hotelctl.facts.leaks.TreeLeaks": partial(_found_in_tracked_files, tracked),
                "hotelctl.facts.code_reads.CodeReads": _looked_into_every_source,
                # Whoever answered has read all of the artifact: it is unknown otherwise.
                "hotelctl.facts.declared_imports.DeclaredImports": _is_whole,
                "hotelctl.facts.wheel_contents.WheelContents": _is_whole,
            }
        ),
    )


def _was_watched_to_its_end(run: "MigrationRun") -> bool:
    return not run.stopped


def _found_in_tracked_files(tracked: Collection[str], leaks: "TreeLeaks") -> bool:
    return not leaks.doubts and all(one.path in tracked for one in leaks.leaks)


def _is_whole(_fact: "DeclaredImports | WheelContents") -> bool:
    return True


def _looked_into_every_source(reads: "CodeReads") -> bool:
    return not reads.skipped


def _untouched(wiring: Wiring, tree: WorkTree, tracked: Collection[str]) -> Callable[[], bool]:
    """Whether the work tree is still that of `tree`, and no tracked file was another one in between.

    Nor may one have come or gone beside them: it may be what a check passed for.
    """
    project, repository = wiring.configuration.project, wiring.ports.repository
    places = sorted({*tracked, *_above(tracked)})
    before = stamp_of_each(project, places, _SETTLED_NS)
    if not before:
        # hotelctl itself has made its directory just now, or somebody the commit.
        time.sleep(_SETTLED_NS / 1e9)
        before = stamp_of_each(project, places, _SETTLED_NS)

    def untouched() -> bool:
        now = repository.work_tree()
        same = (now.commit, now.dirty, now.hidden) == (tree.commit, (), ())
        return same and bool(before) and stamp_of_each(project, places, _SETTLED_NS) == before

    return untouched


def _above(paths: Iterable[str]) -> set[str]:
    """The directories of all of these, and the project itself; of thousands path objects take longer."""
    found, waiting = {"."}, {path.rpartition("/")[0] for path in paths}
    while waiting := waiting - found - {""}:
        found |= waiting
        waiting = {path.rpartition("/")[0] for path in waiting}
    return found


def _database_lives(wiring: Wiring, traffic: Traffic) -> bool:
    """Whether one may: a release that serves has its own, also while the server does not run."""
    if traffic.release is not None or traffic.diverged is not None:
        return True
    return wiring.configuration.spec.database is not None and wiring.later is None


def _ground(wiring: Wiring, tree: WorkTree, held_to: Policy) -> dict[str, str]:
    configuration, mark = wiring.configuration, wiring.redactor.mark
    database = wiring.database_url if wiring.later is None else _THROW_AWAY
    return {
        "commit": tree.commit,
        "names": repr((tree.branch, tree.tags, tree.shallow)),
        "service": configuration.spec.model_dump_json(),
        "environment": configuration.environment_name + configuration.environment.model_dump_json(),
        "variables": repr([(name, mark(value)) for name, value in sorted(_variables(wiring).items())]),
        "database": mark(database or ""),
        "policy": held_to.fail_on.name,
    }


def _variables(wiring: Wiring) -> dict[str, str]:
    """Those of programs and those of the release, but what is made for one command alone."""
    database = wiring.configuration.spec.database
    made = {"TMPDIR"} | ({f"release {database.url_env}"} if database and wiring.later else set())
    release = {f"release {name}": value for name, value in wiring.release_env().items()}
    given = clean_environment(wiring.environ) | release
    return {name: value for name, value in given.items() if name not in made}
