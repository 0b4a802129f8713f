import json
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.outside_answers import Answer, OutsideAnswers, State
from hotelctl.probes.registry import IN_THE_PROJECT, OF_WHAT_SERVES, PROBES
from tests.probes.outside import CHECK, MAIL, PAY, outside, said
from tests.probes.test_artifact import _wheel
from tests.probes.worlds import PROJECT, SERVING, STATE, World, completed

OK = {"state": "ok"}


def candidate(**external: Any) -> World:  # noqa: ANN401 - tables of the service file
    """One that is built and installed."""
    made = outside(**external)
    made.work.wheel = _wheel()
    made.work.outside = said({"mail": OK, "pay": OK, "other": OK})
    made.certificates.presented = ("", made.clock.now())
    return made


def answers(world: World) -> list[Answer]:
    fact: OutsideAnswers = world.fact(OutsideAnswers)
    return list(fact.answers)


def test_services_with_one_check_are_asked_by_one_run_of_the_candidate() -> None:
    made = candidate()
    assert answers(made) == [Answer("mail", State.OK), Answer("pay", State.OK)]
    ((place, command, names),) = made.work.asked_outside
    assert (place.venv, place.env, place.database_url) == (made.workspace / "venv", made.release_env, None)
    assert (command, names) == (tuple(CHECK), ("mail", "pay"))


def test_a_check_that_takes_no_names_is_run_for_each() -> None:
    check = {"check": ["{venv}/ask"]}
    made = candidate(mail=MAIL | check, pay=PAY | check)
    assert [one.state for one in answers(made)] == [State.OK, State.OK]
    assert sorted(names for _, _, names in made.work.asked_outside) == [("mail",), ("pay",)]


def test_what_fails_has_its_code() -> None:
    made = candidate(pay=PAY)
    made.work.outside = said({"pay": {"state": "failed", "code": "unauthorized"}}, 1)
    assert answers(made) == [Answer("pay", State.FAILED, "unauthorized")]


def test_a_key_that_is_set_is_no_connection() -> None:
    made = candidate(pay={key: value for key, value in PAY.items() if key != "check"})
    (answer,) = answers(made)
    assert (answer.state, answer.doubt) == (State.UNCHECKED, "[external.pay] names no check that asks it")
    assert made.work.asked_outside == []


def test_what_is_away_is_not_asked_and_the_others_are() -> None:
    made = candidate()
    made.names.unknown = {"mail.example"}
    mail, pay = answers(made)
    assert (mail.state, mail.doubt, pay.state) == (State.UNCHECKED, "mail.example does not resolve", State.OK)
    assert [names for _, _, names in made.work.asked_outside] == [("pay",)]


@pytest.mark.parametrize("url", [[], ["https://${NOWHERE}"]])
def test_offline_one_whose_address_nobody_knows_is_not_asked_either(url: list[str]) -> None:
    made = candidate(pay=PAY | {"url": url})
    made.names.offline = True
    (answer,) = answers(made)
    assert "--offline: pay is not this machine" in answer.doubt
    made.names.offline = False
    assert answers(made)[0].state is State.OK


def test_a_check_that_cannot_be_started_is_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> None:
        raise Unavailable("ask is not installed")

    made = candidate(pay=PAY)
    monkeypatch.setattr(made.work, "ask_outside", absent)
    assert answers(made)[0].doubt == "ask is not installed"


def test_a_candidate_that_cannot_be_installed_asks_nobody() -> None:
    made = candidate()
    made.work.installed = completed(1)
    assert "could not be installed" in made.why_not(OutsideAnswers)
    assert made.work.asked_outside == []


def test_where_nothing_is_configured_nothing_is_built() -> None:
    made = candidate()
    made.release_env = {}
    assert made.why_not(OutsideAnswers).startswith("NotApplicable: no outside service is configured")
    assert made.evidence.of("git") == []


def test_of_what_serves_its_own_programs_ask_with_its_own_variables() -> None:
    made = candidate(pay=PAY)
    made.serving = SERVING
    made.probes = {**PROBES, **OF_WHAT_SERVES}
    made.files.write_durable(STATE / "releases/r1/env.json", json.dumps({"PAY_KEY": "live_1"}).encode())
    assert answers(made)[0].state is State.OK
    ((place, _, _),) = made.work.asked_outside
    assert (place.venv, place.env) == (STATE / "releases/r1/venv", {"PAY_KEY": "live_1"})


def test_a_project_that_builds_nothing_asks_by_its_own_programs() -> None:
    made = candidate(pay=PAY)
    made.probes = {**PROBES, **IN_THE_PROJECT}
    assert answers(made)[0].state is State.OK
    ((place, _, _),) = made.work.asked_outside
    assert (place.venv, place.env) == (PROJECT, made.release_env)
