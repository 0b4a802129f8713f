"""The quick test tier, run in a clean export against a throw-away database."""

from contextlib import nullcontext

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.artifact import Export
from hotelctl.facts.test_run import TestRun, parse_junit
from hotelctl.probes.context import Context


def test_run(context: Context, export: Export) -> TestRun:
    """The finished run. Raises `Unavailable` when it was killed or left no report."""
    tests = context.configuration.spec.tests
    if tests is None:
        raise NotApplicable("the service file names no test command")
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


test_run.__test__ = False  # type: ignore[attr-defined]  # pytest takes a function of this name for a test


def _said(done: Completed) -> str:
    return done.tail(1) or f"it ended with {done.exit_code} and said nothing"
