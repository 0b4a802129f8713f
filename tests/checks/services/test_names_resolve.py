import pytest

from hotelctl.checks.services.names_resolve import names_resolve
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.outside_lines import Line, OutsideLines
from tests.checks import made
from tests.checks.services.outside import line


def test_names_that_resolve_are_fine() -> None:
    assert not made.judged(names_resolve, OutsideLines((line(), line(untrusted="expired"))))


def test_a_name_that_leads_nowhere_is_a_finding() -> None:
    (finding,) = made.judged(names_resolve, OutsideLines((line(no_name="no such name"), line())))
    assert finding.message == "pay: pay.example does not resolve: no such name"
    assert (finding.subject, finding.fix) == ("pay", "getent hosts pay.example")


@pytest.mark.parametrize("field", ["away", "proxied"])
def test_what_was_not_looked_up_is_in_doubt(field: str) -> None:
    with pytest.raises(Unavailable, match="pay: no network"):
        made.judged(names_resolve, OutsideLines((line(), line(**{field: "no network"}))))


def test_an_address_that_is_not_known_is_in_doubt() -> None:
    with pytest.raises(Unavailable, match="mail: its url needs HOST"):
        made.judged(names_resolve, OutsideLines((), (("mail", "its url needs HOST"),)))


@pytest.mark.parametrize("lines", [(), (line("https://10.0.0.7"),), (line("https://[::1]", away="offline"),)])
def test_an_ip_address_needs_no_name(lines: tuple[Line, ...]) -> None:
    with pytest.raises(NotApplicable):
        made.judged(names_resolve, OutsideLines(lines))
