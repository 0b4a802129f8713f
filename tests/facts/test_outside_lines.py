from hotelctl.facts.outside_lines import Line
from hotelctl.facts.outside_services import read_address

AT = read_address("https://api.example")


def test_a_service_behind_a_proxy_is_not_seen_but_may_be_asked() -> None:
    line = Line("api", AT, proxied="through the proxy")
    assert (line.unseen, line.blocked) == ("through the proxy", "")


def test_one_that_is_away_or_has_no_name_is_not_asked() -> None:
    assert Line("api", AT, away="offline").blocked == Line("api", AT, away="offline").unseen == "offline"
    assert Line("api", AT, no_name="no such name").blocked == "api.example does not resolve"
    assert Line("api", AT, untrusted="expired").blocked == ""
