"""The coverage report that a run of the tests left in the checkout."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Location
from hotelctl.core.ports import WorkTree
from hotelctl.facts.coverage import Coverage, parse_cobertura
from hotelctl.probes.context import Context
from hotelctl.probes.left_file import require_committed, written_since


def coverage(context: Context, tree: WorkTree) -> Coverage:
    """The branches of the report, if it is of the commit that is checked out.

    Raises:
        NotApplicable: the service file names no tests.
        Unavailable: none is named or there, or it may be of something else.

    """
    configuration = context.configuration
    tests = configuration.spec.tests
    if tests is None:
        raise NotApplicable(configuration.names_no("test command"))
    if tests.coverage is None:
        raise Unavailable(configuration.lacks("[tests] coverage", "no report says what the tests reach"))
    name, path = tests.coverage, configuration.project / tests.coverage
    by = tests.coverage_by or "a run of the tests with branch coverage, as Cobertura XML,"
    if not context.files.is_file(path):
        raise Unavailable(f"{name} is not there: {by} leaves it")
    require_committed(tree, (name,), name)
    written_since(tree, context, name, again=f": {by} leaves another one")
    try:
        branches, covered = parse_cobertura(context.files.read(path))
    except Unavailable as error:
        raise Unavailable(f"{name} {error.reason}") from error
    source = configuration.source("tests.coverage_target")
    place = Location(source.path, source.line) if source.line else Location(name)
    return Coverage(name, branches, covered, tests.coverage_target, place)
