"""The quick test tier: run in a clean export against a throw-away database, or what another run left."""

from collections.abc import Iterator
from contextlib import nullcontext

from hotelctl.config.service import Tests
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import Completed, WorkTree
from hotelctl.facts.artifact import Export
from hotelctl.facts.test_files import TEST_PATTERNS, is_test_file
from hotelctl.facts.test_run import TestRun, parse_junit, together
from hotelctl.probes.context import Context
from hotelctl.probes.left_file import require_committed, written_since

_RESULTS_LIMIT_BYTES = 50_000_000


def test_run(context: Context, tree: WorkTree, export: Export) -> TestRun:
    """The finished run.

    Raises:
        Unavailable: it was killed or left no report; results are not of this checkout; or there are
            tests and nothing says how they run.
        NotApplicable: nothing says so, and no test is tracked.

    """
    tests = context.configuration.spec.tests
    if tests is None or not tests.command:
        return left_behind(tree, context)
    return _executed(context, tests, export)


test_run.__test__ = False  # type: ignore[attr-defined]  # pytest takes a function of this name for a test


def left_behind(tree: WorkTree, context: Context) -> TestRun:
    """What another run left, where hotelctl is told no command of one. Raises as `test_run` does."""
    tests = context.configuration.spec.tests
    if tests is None:
        raise _undeclared(context)
    return _left(context, tests, tree)


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
    ended = context.clock.now()
    return TestRun(
        counts, export.commit, ended, done.exit_code, done.argv, done.tail(), duration_s=done.duration_s
    )


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
    require_committed(tree, names, names[0])
    written = min(written_since(tree, context, name) for name in names)
    counts = together([parse_junit(data) for data in _read(context, names)])
    words = f"{counts.tests} tests in {', '.join(names)}"
    return TestRun(counts, tree.commit, written, None, (), words, tuple(names), counts.duration_s)


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
