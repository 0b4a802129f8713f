"""What the Python tests of the project assert."""

from hotelctl.core.errors import NotApplicable
from hotelctl.facts import idle_tests as reading
from hotelctl.facts.idle_tests import IdleTests
from hotelctl.facts.test_code import looks_like_test
from hotelctl.facts.test_files import is_test_file
from hotelctl.probes.context import Context

_LIMIT_BYTES = 2_000_000


def idle_tests(context: Context) -> IdleTests:
    """All tracked Python tests, read and not run. Raises `NotApplicable` where none is found."""
    found = [path for path in context.repository.tracked(("*.py",)) if looks_like_test(path)]
    tests = [path for path in found if is_test_file(path)]
    if not tests:
        raise NotApplicable("no file of Python tests is tracked, and no others are read")
    sources = context.files.contents(context.configuration.project, found, _LIMIT_BYTES)
    read = reading.idle_tests(sources, tests)
    if not read.tests and not read.unread:
        raise NotApplicable(f"{tests[0]} and its like hold no function that is a test")
    return read
