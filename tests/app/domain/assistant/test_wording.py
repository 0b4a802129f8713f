import pytest

from hotelctl.app.domain.assistant.wording import MAX_QUESTION, clean, fold, words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  two   towels\t please ", "two towels please"),
        ("ig\u200bnore\u202e this\x00", "ignore this"),
        ("\uff12 towels", "2 towels"),
        ("a\r\n\r\n\r\n\nb", "a\n\nb"),
        ("\u00ad\ufeff", ""),
        ("می\u200cرسم\u200b \u202eنور\u200cپور", "می\u200cرسم نورپور"),
        ("क\u094d\u200dष a\u200db", "क\u094d\u200dष ab"),
        ("x" * 5_000, "x" * MAX_QUESTION),
    ],
)
def test_hidden_characters_and_spare_space_go(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_accents_case_apostrophes_and_joiners_do_not_matter() -> None:
    assert fold("L\u2019Hôtel  STRASSE straße") == "l'hotel strasse strasse"
    assert words("می\u200cرسم") == ["میرسم"]
    assert words("Wi-Fi, für 2!") == ["wi", "fi", "fur", "2"]
