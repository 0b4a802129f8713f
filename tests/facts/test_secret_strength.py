from hotelctl.facts.secret_strength import weakness


def test_more_than_72_characters_are_judged_by_the_first() -> None:
    assert weakness("7tC0oX9qLrV2mZ8wYb3KpN5d" * 3 + "x") is None


def test_the_reason_never_holds_the_value() -> None:
    for value in ("hunter2", "hunter2hunter2hunter2", "correcthorse12345"):
        assert value not in (weakness(value) or "weak")
        assert weakness(value)
