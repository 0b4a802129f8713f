from hotelctl.app.domain.assistant.extract import extract, sentences

_FILLER = "The house was built long ago and has been kept with care by the same family ever since. "
_BODY = (
    _FILLER * 2
    + "The sauna opens at 15:00. "
    + _FILLER
    + "Children under 16 need an adult in the sauna. "
    + _FILLER
)


def test_a_short_text_is_given_whole() -> None:
    assert extract("anything", "Breakfast is from 7 to 10. ") == "Breakfast is from 7 to 10."


def test_of_a_long_text_the_fitting_sentences_are_given_in_their_order() -> None:
    answer = extract("May children use the sauna?", _BODY)
    assert answer.index("The sauna opens") < answer.index("Children under 16")
    assert len(answer) < len(_BODY) / 2


def test_one_endless_sentence_is_cut_between_words() -> None:
    answer = extract("Can I pay by card?", "You can pay by card " + "and by whatever you like " * 300)
    assert answer.startswith("You can pay by card and")
    assert answer.endswith((" like …", " you …", " whatever …", " by …", " and …"))
    assert len(answer) <= 642


def test_without_a_common_word_it_is_the_beginning() -> None:
    assert extract("zzz", _BODY) == sentences(_BODY)[0]


def test_every_word_stands_in_the_source() -> None:
    assert all(part in _BODY for part in sentences(extract("when does the sauna open", _BODY)))


def test_times_do_not_end_a_sentence() -> None:
    assert sentences("Open 7.30 a.m. to 9. Closed on Monday.\n- Bring a towel") == [
        "Open 7.30 a.m. to 9.",
        "Closed on Monday.",
        "- Bring a towel",
    ]
