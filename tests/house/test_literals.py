import pytest

from tests.house.literals import literals


@pytest.mark.parametrize(
    "source",
    [
        '<h1 class="wide">{{ t("staff.title") }}</h1>',
        '<p class="chip{{ \' good\' if ok else "bad" }}">{{ name }}, {{ 3 }} → #{{ number }}…</p>',
        '{% block width %}narrow{% endblock %}{% import "work.html.j2" as work %}',
        '{{ line("room_label", t("tickets.room"), type="datetime-local") }}',
        '{% if state == "active" %}{{ t("state." ~ state) }}{% endif %}',
        '<a href="/admin?x={{ "yes" }}" data-page="admin">{{ t("a.b" if x else "a.c", at=moment(x)) }}</a>',
        "<style nonce=\"x\">p { color: red }</style><p>{{ t('a.b') }}&nbsp;</p>",
        '<h{{ level }} id="x">{{ title|default("") }}</h{{ level }}>',
    ],
)
def test_what_comes_from_the_translations_or_is_no_text_is_fine(source: str) -> None:
    assert literals(source) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<h1>Work</h1>", ["Work"]),
        ('<nav aria-label="Pages"></nav>', ["Pages"]),
        ('<p>{{ "Room " ~ room if room else t("staff.house") }}</p>', ["Room "]),
        (
            "{% if x %}<p>Over there{% if y %} yet{% endif %}</p>{% else %}Over{% endif %}",
            ["Over there", "yet", "Over"],
        ),
        ('<p>{{ {"a": "yours"}[x] }}</p>', ["yours"]),
        ('{{ line("room_label", "Room 204 or so") }}', ["Room 204 or so"]),
        ('{{ line("room_label", "Room") }}', ["Room"]),
        ('{% set heading = "Change an entry" %}', ["Change an entry"]),
        ('<p>{{ t("staff.by", name="somebody") }}</p>', ["somebody"]),
        ('<p>{{ "%.2f USD"|format(cost) }}</p>', ["%.2f USD"]),
        ("{% block title %}Import{% endblock %}", ["Import"]),
        ("{% macro m() %}<b>bold</b>{% endmacro %}{% for x in y %}<i>one</i>{% endfor %}", ["bold", "one"]),
        ('<input placeholder="{{ "Search" if x }}" value="a">', ["Search"]),
    ],
)
def test_words_of_a_template_s_own_are_found(source: str, words: list[str]) -> None:
    assert literals(source) == words
