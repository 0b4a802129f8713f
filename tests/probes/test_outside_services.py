import json

import pytest

from hotelctl.core.finding import Location
from hotelctl.facts.outside_services import Mode, OutsideServices
from hotelctl.probes.registry import OF_WHAT_SERVES, PROBES
from tests.probes.outside import MAIL, PAY, outside
from tests.probes.worlds import SERVING, STATE, World


def test_a_service_is_configured_where_its_variable_is_filled() -> None:
    found = outside(release_env={"MAIL_HOST": "mail.example", "PAY_KEY": " "}).fact(OutsideServices)
    assert [one.name for one in found.configured] == ["mail"]
    (mail,) = found.configured
    assert str(mail.address) == "mail.example:587", "the port is the contract's default"
    assert (mail.key.key, mail.key.location) == ("MAIL_HOST", Location(".env.local", 1))
    assert (mail.has_check, mail.latency_limit_ms) == (True, None)


def test_the_first_url_whose_variables_all_have_values_counts() -> None:
    env = {"PAY_KEY": "test_1"}
    (pay,) = outside(release_env=env, pay=PAY | {"latency_limit_ms": 900}).fact(OutsideServices).configured
    assert (str(pay.address), pay.mode, pay.latency_limit_ms) == ("pay.example:443", Mode.TEST, 900)
    (pay,) = outside(release_env=env | {"PAY_URL": "http://127.0.0.1:9"}).fact(OutsideServices).configured
    assert str(pay.address) == "127.0.0.1:9"


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("https://${NOWHERE}", "its url https://${NOWHERE} needs NOWHERE, which is not set"),
        ("${MAIL_HOST}", "its url ${MAIL_HOST} is not a URL: it has no scheme:// in front"),
    ],
)
def test_an_address_that_cannot_be_made_is_told_without_values(url: str, trouble: str) -> None:
    (mail,) = outside(mail=MAIL | {"url": url}).fact(OutsideServices).configured
    assert (mail.address, mail.trouble) == (None, trouble)


def test_without_a_variable_it_is_always_configured_and_without_a_url_its_address_unknown() -> None:
    (one,) = (
        outside(contract=None, release_env={}, weather={"check": ["ask"]}).fact(OutsideServices).configured
    )
    assert (one.name, one.key, one.address, one.trouble) == ("weather", None, None, "")


def test_without_a_contract_there_are_no_defaults_and_all_else_holds() -> None:
    (mail, pay) = outside(contract=None).fact(OutsideServices).configured
    assert "needs MAIL_PORT" in mail.trouble
    assert str(pay.address) == "pay.example:443"


def test_a_contract_that_cannot_be_read_leaves_it_unknown() -> None:
    assert outside(contract="no toml").why_not(OutsideServices).startswith("Unavailable: env.toml")


def test_where_none_is_named_or_configured_the_question_does_not_arise() -> None:
    assert World().why_not(OutsideServices) == "NotApplicable: the service file names no outside service"
    assert outside(release_env={}).why_not(OutsideServices) == (
        "NotApplicable: no outside service is configured: not set are MAIL_HOST, PAY_KEY"
    )


def test_of_what_serves_its_own_variables_count() -> None:
    made = outside(release_env={}, pay=PAY)
    made.serving = SERVING
    made.probes = {**PROBES, **OF_WHAT_SERVES}
    made.files.write_durable(STATE / "releases/r1/env.json", json.dumps({"PAY_KEY": "live_1"}).encode())
    (pay,) = made.fact(OutsideServices).configured
    assert (pay.mode, pay.key.source) == (Mode.LIVE, "the release that serves")
    made.spec = World().spec
    assert made.why_not(OutsideServices).startswith("NotApplicable")
