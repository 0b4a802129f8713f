"""Where nothing serves that could be asked: the candidate runs in a sandbox instead."""

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.demo_accounts import DemoAccounts
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.sandbox_answers import SandboxAnswers
from hotelctl.probes.context import Context
from hotelctl.probes.demo_accounts import NO_DEMO_QUERY


def live_answers(_context: Context, sandbox: SandboxAnswers) -> LiveAnswers:
    """What the candidate answers there."""
    return sandbox.live


def demo_accounts(_context: Context, sandbox: SandboxAnswers) -> DemoAccounts:
    """Those of the candidate's database. Raises `NotApplicable` where nobody says how to find them."""
    if sandbox.demo is None:
        raise NotApplicable(NO_DEMO_QUERY)
    return sandbox.demo
