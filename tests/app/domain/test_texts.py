from pathlib import Path

import pytest
from markupsafe import Markup

from hotelctl.app.domain import texts as module
from hotelctl.app.domain.texts import Texts, texts_in, texts_of


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Texts:
    """Texts of two files, in French."""
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "a.toml").write_text(
        '[a]\nsaid = "{who} <dit>"\nwaits = { one = "{n} client", other = "{n} clients" }\n'
    )
    (tmp_path / "fr" / "b.toml").write_text('[b]\nx = "X"\n"y.z" = "Z"\n[number]\ndecimal = ","\n')
    monkeypatch.setattr(module, "_DIRECTORY", tmp_path)
    return Texts("fr")


def test_a_text_is_found_in_whatever_file_it_stands(texts: Texts) -> None:
    assert (texts("b.x"), texts("b.y.z")) == ("X", "Z")
    assert texts.choices("b", ["y.z", "x"]) == {"y.z": "Z", "x": "X"}
    assert (texts.known("b.x", "else"), texts.known("b.missing", "else")) == ("X", "else")
    with pytest.raises(KeyError):
        texts("b.missing")


def test_a_count_chooses_the_form(texts: Texts) -> None:
    told = [texts("a.waits", n=count) for count in (0, 1, 2)]
    assert told == ["0 client", "1 client", "2 clients"]
    assert texts_in("en")("login.wait", n=0).endswith("in 0 minutes.")
    assert texts_in("en")("login.wait", n=1).endswith("in 1 minute.")


def test_html_goes_into_a_text_that_is_escaped_around_it(texts: Texts) -> None:
    assert texts("a.said", who="<b>") == "<b> <dit>"
    assert texts("a.said", who=Markup("<b>Eve</b>")) == Markup("<b>Eve</b> &lt;dit&gt;")


def test_a_number_has_the_comma_of_the_language(texts: Texts) -> None:
    assert (texts.number(1234.5, 2), texts.number(3)) == ("1234,50", "3")
    assert texts_in("en").number(0.25, 1) == "0.2"


def test_of_a_text_that_lists_words_one_is_taken() -> None:
    assert texts_in("de").word("clock.months", 2) == "März"


@pytest.mark.parametrize(
    ("locales", "expected"),
    [(("fr", "de"), "fr"), ((None, "de-AT"), "de"), (("", "it"), "it"), (("sv",), "en"), ((None,), "en")],
)
def test_the_first_locale_that_is_told_chooses(locales: tuple[str | None, ...], expected: str) -> None:
    assert texts_of(*locales).language == expected
