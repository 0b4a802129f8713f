import itertools
import json

import pytest

from hotelctl.app.api.entry_lines import KINDS, MOST_ENTRIES, Kind, Lines, read
from hotelctl.app.api.knowledge_form import wrong_words
from hotelctl.app.domain.texts import texts_in

_CSV: Kind = "text/csv"
_JSON: Kind = "application/x-ndjson"


def _faults(found: Lines) -> list[tuple[int, str | None]]:
    return [(fault.line, fault.field) for fault in found.faults]


def test_csv_with_quotes_line_ends_and_a_mark_at_the_start_is_read() -> None:
    text = (
        "\ufefftitle,body,tags,valid_until,audience\r\n"
        '"Pool, indoor","Opens at 8:00.\nCloses at ""nine"".",offer wellness,2030-01-01T00:00:00Z,staff\r\n'
        "\r\n"
        "Sauna,At 15:00.,,,\r\n"
    )
    found = read(text.encode(), _CSV)
    assert found.faults == []
    pool, sauna = found.entries
    assert (pool.title, pool.body) == ("Pool, indoor", 'Opens at 8:00.\nCloses at "nine".')
    assert (pool.tags, pool.audience, pool.valid_until is not None) == (["offer", "wellness"], "staff", True)
    assert (sauna.tags, sauna.audience, sauna.lang, sauna.valid_until) == ([], "guest", "simple", None)


def test_json_lines_are_read_and_empty_ones_are_none() -> None:
    rows = [{"title": "Pool", "body": "Opens."}, {"title": "Bar", "body": "Closes.", "tags": ["offer"]}]
    found = read("\n\n".join(json.dumps(row) for row in rows).encode(), _JSON)
    assert (found.faults, [entry.title for entry in found.entries]) == ([], ["Pool", "Bar"])


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (_CSV, "title,body\nPool,Opens.\n,No title\nBar,x,y\n", [(3, "title"), (4, None)]),
        (_CSV, 'title,body\n"Two\nlines",x\nBar,x,y\n', [(4, None)]),
        (_CSV, "title,text\nPool,Opens.\n", [(1, None)]),
        (_CSV, "title,title,body\nPool,a,b\n", [(1, None)]),
        (_CSV, "title\nPool\n", [(1, None)]),
        (_CSV, 'title,body\nPool,"open\n', [(2, None)]),
        (_CSV, "title,body,audience\nPool,x,owners\n", [(2, "audience")]),
        (_CSV, "", [(1, None)]),
        (
            _JSON,
            '{"title": "Pool", "body": "x"}\n{"title"\n7\n{"title": "a"}',
            [(2, None), (3, None), (4, "body")],
        ),
        (_JSON, '{"title": "Pool", "body": "x", "s3cr3t": 1}', [(1, None)]),
        (_JSON, '{"title": "nul \\u0000", "body": "half \\ud83d"}', [(1, "title"), (1, "body")]),
        (_JSON, "[" * 100_000, [(1, None)]),
    ],
)
def test_each_wrong_line_is_named_without_what_stands_there(
    kind: Kind, text: str, expected: list[tuple[int, str | None]]
) -> None:
    found = read(text.encode(), kind)
    assert _faults(found) == expected
    assert not any("s3cr3t" in fault.what for fault in found.faults)


def test_what_is_no_text_names_the_line_where_it_ends_to_be_one() -> None:
    assert _faults(read(b"title,body\nPool,caf\xe9\n", _CSV)) == [(2, None)]


def test_a_file_has_an_end_and_so_has_the_list_of_faults() -> None:
    good = b'{"title": "Pool", "body": "x"}\n'
    assert len(read(good * MOST_ENTRIES, _JSON).entries) == MOST_ENTRIES
    assert _faults(read(good * (MOST_ENTRIES + 1), _JSON)) == [(MOST_ENTRIES + 1, None)]
    assert len(read(b"{}\n" * 500, _JSON).faults) == 100
    assert len(read(b"x\n" * 500, _JSON).faults) == 100


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_breaks_the_reading(kind: Kind) -> None:
    pieces = [b"title,body", b'"', b"\n", b"\r", b",", b"{}", b"[", b":", b"\x00", b"\xff", b"\xef\xbb\xbf"]
    for content in itertools.product(pieces, repeat=4):
        found = read(b"".join(content), kind)
        assert found.entries or found.faults


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (_CSV, "title,body\n,x\n", "Ein Titel hat 1 bis 200 Zeichen."),
        (_CSV, "title,body\na,b,c\n", "hat 3 Zellen, nicht 2"),
        (_JSON, '{"title": "Pool", "body": "x", "other": 1}', "ist kein Eintrag: etwas darin fehlt"),
    ],
)
def test_a_fault_is_told_in_the_language_of_the_page(kind: Kind, text: str, told: str) -> None:
    t = texts_in("de")
    (fault,) = read(text.encode(), kind).faults
    assert fault.told(t, wrong_words(t)).startswith(told)
