import pytest

from hotelctl.app.domain.assistant.language import guess_language, known_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("When is breakfast served?", "en"),
        ("Wann gibt es Frühstück?", "de"),
        ("À quelle heure est le petit déjeuner ?", "fr"),
        ("¿A qué hora es el desayuno?", "es"),
        ("A che ora è la colazione?", "it"),
    ],
)
def test_the_small_words_tell(text: str, language: str) -> None:
    assert guess_language(text, default="xx") == language


@pytest.mark.parametrize("text", ["WLAN", "12345", "", "早餐几点"])
def test_without_a_mark_the_default_holds(text: str) -> None:
    assert guess_language(text, default="de") == "de"


@pytest.mark.parametrize(
    ("locale", "language"), [("de-AT", "de"), ("fr_CH", "fr"), ("pt-BR", "en"), ("", "en")]
)
def test_a_locale_is_cut_to_a_language(locale: str, language: str) -> None:
    assert known_language(locale) == language
