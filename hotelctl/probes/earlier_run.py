"""The JUnit report that the deploy of the serving release left."""

from hotelctl.core.errors import Unavailable
from hotelctl.facts.earlier_run import EarlierRun
from hotelctl.facts.test_run import parse_junit
from hotelctl.probes.context import Context


def earlier_run(context: Context) -> EarlierRun:
    """The counts of that run.

    Raises:
        NotApplicable: nothing is deployed, so there is no earlier run.
        Unavailable: nobody can tell what has the traffic, or its report is gone or spoilt.

    """
    release = context.release().release_id
    path = context.state / "deploys" / release / "junit.xml"
    project = context.configuration.project
    shown = str(path.relative_to(project) if path.is_relative_to(project) else path)
    try:
        return EarlierRun(release, shown, parse_junit(context.files.read(path)))
    except FileNotFoundError as error:
        raise Unavailable(f"{shown}: the tests' report of the release that serves is gone") from error
    except Unavailable as error:
        raise Unavailable(f"{shown}: {error.reason}") from error
