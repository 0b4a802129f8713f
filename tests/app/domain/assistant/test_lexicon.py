import re

import pytest

from hotelctl.app.domain.assistant.lexicon import Words, any_of, names, whole_words


def test_a_pattern_is_not_compiled_before_it_is_asked() -> None:
    unasked = Words("(")
    with pytest.raises(re.PatternError if hasattr(re, "PatternError") else re.error):
        unasked.search("anything")


def test_names_are_whole_words() -> None:
    towels = names("towels?")
    assert towels.search("a towel, please")
    assert not towels.search("a towel-rail")


def test_any_of_some_is_found_anywhere() -> None:
    assert any_of(("red", "blue")).search("a bluebell")


def test_between_two_words_there_may_be_others_of_one_thought() -> None:
    asks = whole_words(("room of <2><who>",), "him|her")
    assert asks.search("the room of good old her")
    assert not asks.search("the room of one. Two her")
    assert asks.sub("", "the room of him is") == "the  is"
