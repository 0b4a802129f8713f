"""Payment cards in free text: found by their check digit, never kept."""

import re

CARD_MASK = "[card number removed]"
_DIGIT_RUNS = re.compile(r"(?<![\d+])\d(?:[ .\-\u2013]?\d){12,18}(?!\d)")
_EVEN_LONGEST = 9


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others.

    Source: ISO/IEC 7812-1, annex B.
    """
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - _EVEN_LONGEST if value > _EVEN_LONGEST else value
    return total % 10 == 0


def _is_card(run: str) -> bool:
    digits = re.sub(r"\D", "", run)
    return len(set(digits)) > 1 and passes_luhn(digits)


def redact_cards(text: str) -> tuple[str, bool]:
    """The text with each card number masked, and whether there was one."""
    redacted = _DIGIT_RUNS.sub(lambda run: CARD_MASK if _is_card(run[0]) else run[0], text)
    return redacted, redacted != text
