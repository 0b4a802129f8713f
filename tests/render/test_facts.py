import json
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from hotelctl.render.facts import FORMATS, Rows

RAW = {"a": 1, "deep": [None, True]}


def shown(rows: Rows, form: str = "console", width: int = 80) -> str:
    out = StringIO()
    FORMATS[form](rows, Console(file=out, width=width, markup=False, no_color=True))
    return out.getvalue()


def test_a_row_is_a_line_below_the_names_of_its_columns() -> None:
    rows = [{"id": "d1", "outcome": "succeeded"}, {"id": "d2", "outcome": "frozen"}]
    lines = [line.split() for line in shown(Rows(iter(rows), RAW)).splitlines()]
    assert lines == [["id", "outcome"], ["d1", "succeeded"], ["d2", "frozen"]]


def test_a_column_with_nothing_in_it_is_left_out_and_zero_is_something() -> None:
    empty = {"none": None, "empty": ""}
    rows: list[dict[str, Any]] = [
        {"id": "d1", **empty, "n": 0, "no": False},
        {"id": "d2", **empty, "n": 1, "no": True},
    ]
    lines = [line.split() for line in shown(Rows(rows, RAW)).splitlines()]
    assert lines == [["id", "n", "no"], ["d1", "0", "no"], ["d2", "1", "yes"]]


def test_pairs_need_no_titles() -> None:
    rows: list[dict[str, Any]] = [{"what": "service", "value": "plain"}, {"what": "held", "value": True}]
    assert [line.split() for line in shown(Rows(rows, RAW)).splitlines()] == [
        ["service", "plain"],
        ["held", "yes"],
    ]


def test_no_row_is_said() -> None:
    assert shown(Rows((), ())) == "nothing yet\n"


@pytest.mark.parametrize("width", [40, 80])
def test_names_stay_whole_and_long_words_fold(width: int) -> None:
    rows = [{"id": "20260301T120000000Z-abc", "what": "word " * 40}]
    text = shown(Rows(rows, RAW), width=width)
    assert "20260301T120000000Z-abc" in text
    assert text.count("word") == 40
    assert max(map(len, text.splitlines())) <= width


def test_foreign_text_is_neither_markup_nor_a_command_to_the_terminal() -> None:
    text = shown(Rows([{"id": "[red]x[/red]\x1b[31m\x07"}], RAW))
    assert "[red]x[/red]" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_json_is_the_raw_data_whatever_is_shown() -> None:
    assert json.loads(shown(Rows(iter([{"id": "x"}]), RAW), "json")) == RAW
    assert json.loads(shown(Rows((), []), "json")) == []
