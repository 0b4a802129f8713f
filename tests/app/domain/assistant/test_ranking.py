from hotelctl.app.domain.assistant.ranking import Hit, better, ranked
from hotelctl.app.domain.ids import uuid7


def _hit(title: str, score: float = 0.5, lang: str = "english") -> Hit:
    return Hit(uuid7(), title, "", lang, score, score)


def test_among_equals_the_entry_that_the_question_names_is_first() -> None:
    late, plain = _hit("Late check-out"), _hit("Check-out")
    assert ranked("when do we check out", "en", [late, plain]) == [plain, late]


def test_among_equals_the_entry_in_the_question_s_language_is_first() -> None:
    english, german = _hit("Bikes"), _hit("Boote", lang="german")
    assert ranked("Boot leihen", "de", [english, german]) == [german, english]


def test_a_much_better_score_is_not_overtaken() -> None:
    named, best = _hit("Bar", 0.5), _hit("Terrace", 0.9)
    assert ranked("bar", "en", [named, best]) == [best, named]


def test_the_search_with_the_higher_score_is_kept() -> None:
    assert better([], [one := _hit("a")]) == [one]
    assert better([two := _hit("b", 0.9)], [_hit("a")]) == [two]
    assert better([], []) == []
