import re
from dataclasses import replace

from hotelctl.core.redact import by_shape
from hotelctl.core.report import LockTimeline
from hotelctl.render.lock_part import lock_part
from hotelctl.render.lock_picture import alternative, picture, swatch
from tests.render.made import LOCKS, locks_of

BAR = re.compile(r'<rect class="bar (\w+)" x="([\d.]+)%" y="(\d+)" width="([\d.]+)%"[^>]*><title>([^<]*)')


def drawn(timeline: LockTimeline = LOCKS) -> str:
    return str(picture(lock_part(timeline, by_shape)))


def test_a_bar_is_as_long_as_its_statements_and_says_all_of_itself() -> None:
    bars = BAR.findall(drawn())
    assert [(kind, y) for kind, _, y, _, _ in bars] == [("writes", "46"), ("all", "46"), ("all", "46")]
    ends = [(float(x), round(float(x) + float(width), 1)) for _, x, _, width, _ in bars]
    assert ends[0][0] == 0
    assert ends[-1][1] == 100
    assert [title for *_, title in bars][:2] == [
        "public.notes: writes wait, SHARE, statement 1, 0 ms to 1.0 ms, migrations/3.sql:2",
        "public.notes: reads and writes wait, ACCESS EXCLUSIVE, statements 2 to 3, 1.0 ms to 9.5 ms, "
        "migrations/3.sql:4",
    ]


def test_statements_are_numbered_and_named() -> None:
    text = drawn()
    assert re.findall(r'<text class="number"[^>]*>(\d)<', text) == ["1", "2", "3", "4"]
    assert "<title>3. UPDATE notes SET stamp = now(), migrations/3.sql:6, 8.0 ms</title>" in text


def test_numbers_that_have_no_room_on_a_phone_or_nowhere_are_told_apart() -> None:
    assert re.findall(r'class="(number[^"]*)"', drawn(locks_of(19))) == ["number"] * 19
    assert re.findall(r'class="(number[^"]*)"', drawn(locks_of(30))) == ["number tight"] * 30
    assert "number" not in drawn(locks_of(80))


def test_the_end_of_a_transaction_is_a_line() -> None:
    assert drawn().count('class="between"') == 1
    assert 'class="between"' not in drawn(locks_of(3))


def test_there_is_a_row_for_each_table_up_to_twelve() -> None:
    assert drawn(locks_of(3)).count('<text class="table"') == 3
    assert drawn(locks_of(14)).count('<text class="table"') == 12


def test_a_long_name_keeps_its_end_and_is_whole_in_its_title() -> None:
    name = "operations." + "long_" * 9 + "name"
    text = drawn(replace(LOCKS, bars=(replace(LOCKS.bars[0], table=name),)))
    (shown,) = re.findall(r'<text class="table"[^>]*>([^<]*)<', text)
    assert shown == "..." + name[-39:]
    assert f"<title>{name}</title>" in text


def test_the_picture_is_told_in_words() -> None:
    assert alternative(lock_part(LOCKS, by_shape)) == (
        "4 statements in 10.0 ms. public.notes: writes wait during statement 1, reads and writes wait during "
        "statements 2 to 3, reads and writes wait during statement 4."
    )


def test_no_style_stands_in_it_that_the_page_forbids() -> None:
    assert "style=" not in drawn() + swatch("writes")


def test_foreign_names_are_escaped() -> None:
    assert "<b>" not in drawn(replace(LOCKS, bars=(replace(LOCKS.bars[0], table="<b>"),)))
