"""All probes by the type of the fact they return, found by walking this package."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, get_type_hints

import hotelctl.probes
from hotelctl.core.errors import NotApplicable
from hotelctl.core.judging import needs
from hotelctl.core.ports import WorkTree
from hotelctl.core.work import Place
from hotelctl.facts.artifact import Artifact, Export
from hotelctl.facts.demo_accounts import DemoAccounts
from hotelctl.facts.leaving import ArtifactFiles, ContextFiles, LeavingLeaks
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.facts.output_copies import OutputCopies
from hotelctl.facts.outside_answers import OutsideAnswers
from hotelctl.facts.outside_lines import OutsideLines
from hotelctl.facts.outside_services import OutsideServices
from hotelctl.facts.past_leaks import HistoryLeaks
from hotelctl.facts.sandbox_answers import SandboxAnswers
from hotelctl.facts.secret_history import SecretHistory
from hotelctl.facts.speed import Speed
from hotelctl.facts.template_names import is_template
from hotelctl.facts.test_run import TestRun
from hotelctl.facts.tree_files import TemplateFiles, TreeFiles
from hotelctl.probes.artifact import unbuilt
from hotelctl.probes.context import Context
from hotelctl.probes.demo_accounts import NO_DEMO_QUERY
from hotelctl.probes.kept_release import as_built, place_of
from hotelctl.probes.outside_answers import answered
from hotelctl.probes.outside_services import serving_services
from hotelctl.probes.speed import measured_speed
from hotelctl.probes.staged_files import ONLY_STAGED, staged_files
from hotelctl.probes.test_run import left_behind

Probe = Callable[..., Any]


def walk() -> Iterator[Probe]:
    """Every public function of a module here that takes the context first, in order of modules."""
    for module in pkgutil.iter_modules(hotelctl.probes.__path__, "hotelctl.probes."):
        yield from _probes(importlib.import_module(module.name))


def _probes(module: ModuleType) -> Iterator[Probe]:
    for name, function in sorted(vars(module).items()):
        own = inspect.isfunction(function) and function.__module__ == module.__name__
        if own and not name.startswith("_") and _first(function) is Context:
            yield function


def _first(function: Probe) -> Any:  # noqa: ANN401 - an annotation is any object
    return next(iter(get_type_hints(function).values()), None)


def by_fact(probes: Iterator[Probe]) -> Mapping[type, Probe]:
    """The probes by what they return. Raises `ValueError` when two return the same fact."""
    found: dict[type, Probe] = {}
    for probe in probes:
        kind = get_type_hints(probe)["return"]
        if kind in found:
            raise ValueError(
                f"{probe.__qualname__} and {found[kind].__qualname__} both return {kind.__name__}"
            )
        found[kind] = probe
    return MappingProxyType(found)


PROBES: Mapping[type, Probe] = by_fact(walk())


def _live(_context: Context, sandbox: SandboxAnswers) -> LiveAnswers:
    return sandbox.live


def _demo(_context: Context, sandbox: SandboxAnswers) -> DemoAccounts:
    if sandbox.demo is None:
        raise NotApplicable(NO_DEMO_QUERY)
    return sandbox.demo


IN_A_SANDBOX: Mapping[type, Probe] = MappingProxyType({**PROBES, LiveAnswers: _live, DemoAccounts: _demo})
"""The same where nothing serves that could be asked: the candidate runs in a sandbox instead."""


def _serving_services(context: Context) -> OutsideServices:
    release_id = context.release().release_id
    return serving_services(release_id, as_built(release_id, context))


def _serving_answers(context: Context, services: OutsideServices, lines: OutsideLines) -> OutsideAnswers:
    release_id = context.release().release_id
    return answered(services, lines, place_of(release_id, context), as_built(release_id, context))


def _project_answers(context: Context, services: OutsideServices, lines: OutsideLines) -> OutsideAnswers:
    return answered(services, lines, Place(context.configuration.project, context.release_env, None), context)


def _serving_speed(context: Context) -> Speed:
    return measured_speed(context.release(), context)


OF_WHAT_SERVES: Mapping[type, Probe] = MappingProxyType(
    {OutsideServices: _serving_services, OutsideAnswers: _serving_answers, Speed: _serving_speed}
)
"""In their stead where the release that serves is asked, and no candidate."""


def _left_behind(context: Context, tree: WorkTree) -> TestRun:
    return left_behind(tree, context)


WHERE_NO_TEST_RUNS: Mapping[type, Probe] = MappingProxyType({TestRun: _left_behind})
"""In its stead where the service file names no command of tests: no commit is copied for it."""


def _unbuilt(context: Context) -> Artifact:
    raise unbuilt(context.configuration)


IN_THE_PROJECT: Mapping[type, Probe] = MappingProxyType(
    {OutsideAnswers: _project_answers, Artifact: _unbuilt}
)
"""In their stead where nothing is built: the project's own programs ask, and no commit is copied for it."""


def _not_built(context: Context) -> ArtifactFiles:
    if context.configuration.spec.build_ is None:
        return ArtifactFiles("", {})
    return ArtifactFiles("", {}, "the artifact was not looked into: no check of this run builds it")


WHERE_NOTHING_IS_BUILT: Mapping[type, Probe] = MappingProxyType({ArtifactFiles: _not_built})
"""In its stead where no other question needs the artifact, which takes a minute."""


def _as_sql(_context: Context, export: Export) -> MigrationPlace:
    return MigrationPlace(export.path, None)


WHERE_SQL_MIGRATES: Mapping[type, Probe] = MappingProxyType({MigrationPlace: _as_sql})
"""In its stead where hotelctl runs the migrations itself, for which nothing is built."""


def builds_on(kind: type, fact: type, probes: Mapping[type, Probe] = PROBES) -> bool:
    """Whether `kind` is `fact`, or cannot be had without it."""
    return kind is fact or any(builds_on(one, fact, probes) for one in needs(probes[kind]))


def _not_sent(_context: Context) -> ContextFiles:
    return ContextFiles((), {}, {})


def _not_scanned(_context: Context) -> LeavingLeaks:
    return LeavingLeaks((), ())


IN_A_DEPLOY: Mapping[type, Probe] = MappingProxyType(
    {**PROBES, ContextFiles: _not_sent, LeavingLeaks: _not_scanned}
)
"""The same in a deploy, which sends nothing to an engine and starts no tool."""


def _tree_of_any_commit(context: Context) -> WorkTree:
    return context.repository.work_tree(unborn=True)


def _staged(context: Context, tree: WorkTree) -> TreeFiles:
    return staged_files(context.configuration.project, tree.root, context.repository)


def _staged_templates(context: Context, staged: TreeFiles) -> TemplateFiles:
    example = context.configuration.spec.env.example
    return TemplateFiles(
        {path: content for path, content in staged.files.items() if is_template(path, example)},
        {path: why for path, why in staged.doubts.items() if is_template(path, example)},
    )


def _no_history(_context: Context) -> HistoryLeaks:
    raise NotApplicable(ONLY_STAGED)


def _no_outputs(_context: Context) -> OutputCopies:
    raise NotApplicable(ONLY_STAGED)


def _no_context(_context: Context) -> ContextFiles:
    raise NotApplicable(ONLY_STAGED)


def _no_copies_in_the_history(_context: Context) -> SecretHistory:
    return SecretHistory(0, (), "")


OF_WHAT_IS_STAGED: Mapping[type, Probe] = MappingProxyType(
    {
        WorkTree: _tree_of_any_commit,
        TreeFiles: _staged,
        TemplateFiles: _staged_templates,
        HistoryLeaks: _no_history,
        SecretHistory: _no_copies_in_the_history,
        OutputCopies: _no_outputs,
        ContextFiles: _no_context,
    }
)
"""In their stead where the next commit is judged."""
