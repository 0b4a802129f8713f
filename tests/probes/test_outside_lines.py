from typing import Any

import pytest

from hotelctl.core.certificates import Presented
from hotelctl.core.errors import NoNetwork, Unavailable
from hotelctl.facts.outside_lines import Line, OutsideLines
from tests.probes.outside import MAIL, outside


def lines(world: Any) -> dict[str, Line]:  # noqa: ANN401 - a world
    fact: OutsideLines = world.had(OutsideLines).value
    return {line.name: line for line in fact.lines}


def test_name_and_certificate_are_looked_at_of_a_mail_server_after_starttls() -> None:
    made = outside()
    made.certificates.presented = ("", made.clock.now())
    found = lines(made)
    assert [(one.away, one.no_name, one.untrusted, one.unshaken) for one in found.values()] == [
        ("", "", "", "")
    ] * 2
    assert sorted(made.certificates.looked) == [("mail.example", 587), ("pay.example", 443)]
    assert made.certificates.mail == [587]
    assert len(made.had(OutsideLines).evidence) > 4


def test_a_name_that_leads_nowhere_is_not_connected_to() -> None:
    made = outside()
    made.names.unknown = {"mail.example"}
    made.certificates.presented = ("self-signed certificate", None)
    found = lines(made)
    assert (found["mail"].no_name, found["mail"].blocked) == ("no such name", "mail.example does not resolve")
    assert (found["pay"].no_name, found["pay"].untrusted) == ("", "self-signed certificate")
    assert made.certificates.looked == [("pay.example", 443)]


def test_offline_and_without_a_network_nothing_is_known_of_any() -> None:
    made = outside()
    made.names.offline = True
    assert all("--offline" in line.away for line in lines(made).values())
    made = outside()
    made.names.trouble = {
        "mail.example": NoNetwork("no name service answers"),
        "pay.example": Unavailable("late"),
    }
    assert [line.away for line in lines(made).values()] == ["no name service answers", "late"]


@pytest.mark.parametrize(
    ("trouble", "field"), [(NoNetwork("no way"), "away"), (Unavailable("refused"), "unshaken")]
)
def test_no_way_to_it_is_another_thing_than_a_refusal(
    trouble: Unavailable, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(*_: object, **__: object) -> Presented:
        raise trouble

    made = outside(mail=MAIL)
    monkeypatch.setattr(made.certificates, "look", look)
    assert getattr(lines(made)["mail"], field) == trouble.reason


def test_what_is_not_encrypted_is_not_shaken_hands_with() -> None:
    made = outside(release_env={"MAIL_HOST": "10.0.0.7"}, mail=MAIL | {"url": "tcp://${MAIL_HOST}:25"})
    assert lines(made)["mail"].unseen == ""
    assert made.certificates.looked == []


def test_an_address_that_is_not_known_is_told() -> None:
    made = outside(mail=MAIL | {"url": "https://${NOWHERE}"})
    assert made.had(OutsideLines).value == OutsideLines(
        (), (("mail", "its url https://${NOWHERE} needs NOWHERE, which is not set"),)
    )


@pytest.mark.parametrize(
    ("variables", "proxied"),
    [
        ({"HTTPS_PROXY": "http://proxy:3128"}, "HTTPS_PROXY"),
        ({"all_proxy": "http://proxy:3128"}, "all_proxy"),
        ({"http_proxy": "http://proxy:3128"}, ""),
        ({"https_proxy": "http://proxy:3128", "NO_PROXY": "pay.example"}, ""),
        ({"https_proxy": "http://proxy:3128", "NO_PROXY": "other.example"}, "https_proxy"),
        ({"https_proxy": ""}, ""),
    ],
)
def test_behind_a_proxy_a_direct_look_would_tell_nothing(variables: dict[str, str], proxied: str) -> None:
    made = outside()
    made.environ = variables
    found = lines(made)
    assert found["pay"].proxied == (f"it is asked through the proxy that {proxied} names" if proxied else "")
    assert found["mail"].proxied == "", "mail goes through no web proxy"
    assert ("pay.example", 443) in made.certificates.looked or proxied
