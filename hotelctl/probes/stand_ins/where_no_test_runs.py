"""Where the service file names no command of tests: no commit is copied for it."""

from hotelctl.core.ports import WorkTree
from hotelctl.facts.test_run import TestRun
from hotelctl.probes.context import Context
from hotelctl.probes.test_run import left_behind


def test_run(context: Context, tree: WorkTree) -> TestRun:
    """What somebody else's run left beside the sources."""
    return left_behind(tree, context)
