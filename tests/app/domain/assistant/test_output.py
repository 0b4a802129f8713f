import pytest

from hotelctl.app.domain.assistant.output import EMAIL_MASK, LINK_MASK, PHONE_MASK, Sources, release
from hotelctl.app.domain.assistant.payment import CARD_MASK

_SPA = "Book at spa@alpha.example or +43 1 234 5678, see https://spa.example/book."
_SOURCES = Sources([_SPA], ["hotel.example"])


def test_what_the_source_holds_stays() -> None:
    assert release(_SPA, _SOURCES) == _SPA
    assert release("Call +43 1 2345678", _SOURCES) == "Call +43 1 2345678"
    assert release("see https://hotel.example/q", _SOURCES) == "see https://hotel.example/q"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to eve@evil.example", f"write to {EMAIL_MASK}"),
        ("call 0664 123 45 67", f"call {PHONE_MASK}"),
        ("pay with 4111 1111 1111 1111", f"pay with {CARD_MASK}"),
        ("go to https://evil.example/x?a=1", f"go to {LINK_MASK}"),
        ("go to www.evil.example", f"go to {LINK_MASK}"),
        ("https://hotel.example.evil.example/", LINK_MASK),
        ("![x](https://evil.example/p.png) hello", "hello"),
        ("[menu](https://evil.example/m)", f"menu {LINK_MASK}"),
        ("a <b>bold</b> <script>alert(1)</script>word", "a bold word"),
        ("<img src=x onerror=alert(1)", ""),
        ("javascript:alert(1) ok", "ok"),
        ("order 01890000-0000-7000-8000-00000000000a done", "order done"),
    ],
)
def test_what_no_source_holds_goes(text: str, shown: str) -> None:
    assert release(text, _SOURCES) == shown


@pytest.mark.parametrize(
    "text",
    ["Breakfast 7:00-10:30, room 204", "2026-01-02", "from 06.30 - 10.30", "3 < 5 and 5 > 3", "1/2/2026"],
)
def test_times_dates_and_sums_are_no_contacts(text: str) -> None:
    assert release(text, Sources([])) == text
