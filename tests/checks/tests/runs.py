"""Test runs made by hand."""

from hotelctl.facts.earlier_run import EarlierRun
from hotelctl.facts.test_run import Case, Counts, TestRun
from tests.checks import made


def counts(*ran: str, passed_over: tuple[str, ...] = (), retried: tuple[str, ...] = ()) -> Counts:
    """What ran well, what was skipped because of the rain, and what failed first."""
    return Counts(
        tests=len(ran) + len(passed_over),
        skipped=len(passed_over),
        failed=(),
        errors=(),
        collection_errors=(),
        passed_over=tuple(Case(name, "rain") for name in passed_over),
        retried=tuple(Case(name, "boom") for name in retried),
        ran=frozenset(ran),
    )


def run(found: Counts, words: str = "", duration_s: float | None = 3.0) -> TestRun:
    """A finished run of these."""
    return TestRun(found, made.COMMIT, made.NOON, 0, ("pytest",), words, duration_s=duration_s)


def earlier(found: Counts) -> EarlierRun:
    """The same for the release that serves."""
    return EarlierRun("r1", ".hotelctl/local/deploys/r1/junit.xml", found)
