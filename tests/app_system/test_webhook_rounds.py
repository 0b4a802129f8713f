"""A running hotel assistant is sent Stripe's messages as `validate` sends them to a sandbox."""

import time
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.http import HttpClient
from hotelctl.config.load import load
from hotelctl.probes.interview import Interview
from hotelctl.probes.webhooks import rounds
from tests.app_system.instances import running
from tests.fakes.evidence import FakeEvidence
from tests.house.tracked import ROOT
from tests.probes.worlds import World

pytestmark = pytest.mark.system


@pytest.mark.usefixtures("hotels")
def test_it_takes_what_is_signed_and_refuses_all_else(environment: dict[str, str], tmp_path: Path) -> None:
    made = World()
    made.spec = load(ROOT, None, "local").spec
    env = environment | {"STRIPE_WEBHOOK_SECRET": "whsec_s3cr3t-of-the-test"}
    with running(env, tmp_path / "log") as instance:
        talk = Interview(HttpClient(FakeEvidence(), SystemClock()), instance.base_url)
        (one,) = rounds(talk, env, int(time.time()), made.context())
    assert [(got.asked.reply.status, got.welcome) for got in one.deliveries] == [(200, True)] + [
        (400, False)
    ] * 4
