from datetime import timedelta

import pytest

from hotelctl.config.environment import Environment
from hotelctl.facts.certificate import Certificate
from tests.probes.worlds import World


def world(public_url: str | None) -> World:
    made = World(security={"certificate_days": 30})
    made.environment = Environment(public_url=public_url)
    return made


@pytest.mark.parametrize(("url", "port"), [("https://a.example", 443), ("https://a.example:8443/x", 8443)])
def test_the_public_address_is_asked_and_nothing_else(url: str, port: int) -> None:
    made = world(url)
    made.certificates.presented = ("", made.clock.now() + timedelta(days=40))
    fact = made.fact(Certificate)
    assert made.certificates.looked == [("a.example", port)]
    assert (fact.days_left, fact.days_wanted, fact.refusal) == (40.0, 30, "")


@pytest.mark.parametrize("url", [None, "http://a.example"])
def test_without_https_there_is_none(url: str | None) -> None:
    assert world(url).why_not(Certificate).startswith("NotApplicable")


def test_a_server_that_cannot_be_asked_is_unknown() -> None:
    assert world("https://a.example").why_not(Certificate).startswith("Unavailable: a.example:443")
