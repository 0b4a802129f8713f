"""The quick test tier: run in a clean export against a throw-away database, or what another run left."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime

from hotelctl.config.service import Tests
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import Completed, WorkTree
from hotelctl.facts.artifact import Export
from hotelctl.facts.test_files import TEST_PATTERNS, is_test_file
from hotelctl.facts.test_run import TestRun, parse_junit, together
from hotelctl.probes.context import Context

_RESULTS_LIMIT_BYTES = 50_000_000


def test_run(context: Context, tree: WorkTree, export: Export) -> TestRun:
    """The finished run.

    Raises:
        Unavailable: it was killed or left no report; results are not of this checkout; or there are
            tests and nothing says how they run.
        NotApplicable: nothing says so, and no test is tracked.

    """
    tests = context.configuration.spec.tests
    if tests is None:
        raise _undeclared(context)
    return _executed(context, tests, export) if tests.command else _left(context, tests, tree)


test_run.__test__ = False  # type: ignore[attr-defined]  # pytest takes a function of this name for a test


def _executed(context: Context, tests: Tests, export: Export) -> TestRun:
    junit = context.workspace / "junit.xml"
    with context.scratch.apart("tests") if tests.database_env else nullcontext(None) as url:
        done = context.work.run_tests(export.path, url, junit)
    if done.timed_out:
        raise Unavailable(f"the tests were killed at their limit of {tests.timeout_s:g} s")
    try:
        counts = parse_junit(context.files.read(junit).decode())
    except FileNotFoundError as error:
        raise Unavailable(f"the test command left no report: {_said(done)}") from error
    return TestRun(counts, export.commit, context.clock.now(), done.exit_code, done.argv, done.tail())


def _left(context: Context, tests: Tests, tree: WorkTree) -> TestRun:
    """What JUnit files of the checkout say, if they can be of nothing but the commit that is checked out."""
    project = context.configuration.project
    found = [
        path
        for one in tests.results
        for path in context.files.glob(project, one)
        if context.files.is_file(path)
    ]
    names = list(dict.fromkeys(str(path.relative_to(project)) for path in found))
    if not names:
        raise Unavailable(f"no result of tests is there: {', '.join(tests.results)}")
    changed = next((path for path in tree.dirty if path not in names), None)
    if changed is not None:
        raise Unavailable(f"{changed} is not committed, so {names[0]} may be of another state")
    written = min(_written(context, tree, name) for name in names)
    counts = together([parse_junit(data) for data in _read(context, names)])
    words = f"{counts.tests} tests in {', '.join(names)}"
    return TestRun(counts, tree.commit, written, None, (), words, tuple(names))


def _written(context: Context, tree: WorkTree, name: str) -> datetime:
    """When the file was written. Raises `Unavailable` for before this checkout, or where nobody knows."""
    if context.repository.tracked([name]):
        raise Unavailable(f"{name} is tracked by git, so nobody knows when and of what it was written")
    at = context.files.modified_at(context.configuration.project / name)
    since = max(filter(None, (tree.committed_at, tree.moved_at)))
    if at < since:
        times = f"{at:%Y-%m-%d %H:%M:%S}, before HEAD came here at {since:%Y-%m-%d %H:%M:%S}"
        raise Unavailable(f"{name} was written {times} UTC")
    return at


def _read(context: Context, names: list[str]) -> Iterator[bytes]:
    found = context.files.contents(context.configuration.project, names, _RESULTS_LIMIT_BYTES)
    for name, what in found.items():
        if isinstance(what, str):
            raise Unavailable(f"{name} {what}")
        yield what


def _undeclared(context: Context) -> Unavailable | NotApplicable:
    found = [path for path in context.repository.tracked(TEST_PATTERNS) if is_test_file(path)]
    if not found:
        return NotApplicable(f"{context.configuration.names_no('test command')}, and no test file is tracked")
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return Unavailable(context.configuration.lacks("[tests]", f"nothing runs {found[0]}{more}"))


def _said(done: Completed) -> str:
    return done.tail(1) or f"it ended with {done.exit_code} and said nothing"
