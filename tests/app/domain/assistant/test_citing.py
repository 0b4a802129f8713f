import pytest

from hotelctl.app.domain.assistant.citing import CitedText

_WHOLE = "[1][3] The pool opens at 8.30 [1]. Bring a towel! See you"


def _read(pieces: list[str], count: int = 3) -> tuple[tuple[int, ...], str]:
    text = CitedText(count)
    said = [sentence for piece in pieces for sentence in text.feed(piece)]
    return text.numbers, "".join([*said, text.rest()])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_the_text_is_the_same_however_it_is_cut(size: int) -> None:
    pieces = [_WHOLE[place : place + size] for place in range(0, len(_WHOLE), size)]
    assert _read(pieces) == ((1, 3), "The pool opens at 8.30. Bring a towel! See you")


def test_a_sentence_is_given_out_as_soon_as_it_is_whole() -> None:
    text = CitedText(1)
    assert text.feed("[1") == []
    assert text.feed("] One. T") == ["One. "]
    assert text.feed("wo") == []
    assert text.rest() == "Two"


@pytest.mark.parametrize(
    "whole", ["No source here.", "[0] Nothing.", "[9] Wrong.", "", "[1", "I say [1] late."]
)
def test_without_a_true_number_in_front_nothing_is_said(whole: str) -> None:
    numbers, said = _read([whole])
    assert (numbers, said) == ((), "")


def test_numbers_count_once_and_only_up_to_the_entries() -> None:
    assert _read(["[2, 2][1][4] Yes."])[0] == (2, 1)
