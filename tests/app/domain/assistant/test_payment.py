import pytest

from hotelctl.app.domain.assistant.payment import CARD_MASK, passes_luhn, redact_cards


@pytest.mark.parametrize(
    "card",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "378282246310005",
        "6011.1111.1111.1117",
    ],
)
def test_a_card_number_goes_however_it_is_typed(card: str) -> None:
    assert redact_cards(f"pay with {card}, thanks") == (f"pay with {CARD_MASK}, thanks", True)


@pytest.mark.parametrize(
    "text", ["4111111111111112", "0000000000000000", "+49 30 1234567890123", "call 030 1234567", "room 204"]
)
def test_other_numbers_stay(text: str) -> None:
    assert redact_cards(text) == (text, False)


@pytest.mark.parametrize("digits", ["411111111111111", "37828224631000", "000000000001", "9" * 18])
def test_exactly_one_last_digit_fits(digits: str) -> None:
    assert sum(passes_luhn(digits + last) for last in "0123456789") == 1
