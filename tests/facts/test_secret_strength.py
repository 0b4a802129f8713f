import pytest

from hotelctl.facts import secret_strength
from hotelctl.facts.secret_strength import is_rare, weakness


def test_more_than_72_characters_are_judged_by_the_first() -> None:
    assert weakness("7tC0oX9qLrV2mZ8wYb3KpN5d" * 3 + "x") is None


def test_the_reason_never_holds_the_value() -> None:
    for value in ("hunter2", "hunter2hunter2hunter2", "correcthorse12345"):
        assert value not in (weakness(value) or "weak")
        assert weakness(value)


def test_of_a_long_key_nobody_counts_the_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_strength, "guesses_log10", None)
    assert is_rare("9tQ2vLr8mZ4wYb3KpN5dXc7HsJ6gFa1e")


def test_what_is_short_or_of_words_is_weighed() -> None:
    assert is_rare("7tC0oX9qLrV2mZ8")
    assert not is_rare("verwaltungsgemeinschaft1")
