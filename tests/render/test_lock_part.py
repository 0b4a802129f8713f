from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from hotelctl.core.finding import Location
from hotelctl.core.redact import Redactor, by_shape
from hotelctl.core.report import LockTimeline, TimedStatement
from hotelctl.render.lock_part import LockTimelinePart, lock_part
from tests.render.made import LOCKS, locks_of


def with_sql(sql: str) -> LockTimeline:
    return replace(LOCKS, statements=(TimedStatement(sql, 1, 0, 10),), bars=LOCKS.bars[:1])


def label(sql: str) -> str:
    return lock_part(with_sql(sql), by_shape).statements[0].label


def test_a_label_is_the_first_words_on_one_line() -> None:
    assert label("CREATE TABLE a\n\t(x int)") == "CREATE TABLE a (x int)"
    assert label("x" * 60) == "x" * 60
    assert label("x" * 61) == "x" * 57 + "..."


def test_no_half_of_a_secret_is_left_where_a_label_is_cut() -> None:
    secret = "correct-horse-battery-staple-and-some-more"
    redactor = Redactor(b"key", [secret])
    words = f"ALTER ROLE somebody_with_a_long_name PASSWORD '{secret}'"
    assert words[:57].endswith("'correct-ho")
    part = lock_part(with_sql(words), redactor)
    assert "correct" not in part.statements[0].label


def test_every_free_text_is_redacted() -> None:
    secret = "high-and-lonely-secret"
    place = Location(f"{secret}.sql", 3)
    timeline = LockTimeline(
        1.0,
        (TimedStatement(secret, 1, 0, 1, place),),
        (replace(LOCKS.bars[0], table=secret, place=place),),
        stopped=secret,
    )
    assert secret not in lock_part(timeline, Redactor(b"key", [secret])).model_dump_json()


def test_tables_stand_in_the_order_in_which_they_are_locked() -> None:
    part = lock_part(locks_of(3), by_shape)
    assert [name for name, _ in part.tables()] == ["public.t1", "public.t2", "public.t3"]
    ((name, bars),) = lock_part(LOCKS, by_shape).tables()
    assert (name, len(bars)) == ("public.notes", 3)


@pytest.mark.parametrize(
    ("place", "edit"),
    [
        ("bars", {"statement": 0}),
        ("bars", {"last": 5}),
        ("bars", {"statement": 3, "last": 2}),
        ("bars", {"waits": "nobody"}),
        ("statements", {"start_ms": 3.0}),
        ("statements", {"end_ms": 3.0}),
        ("statements", {"end_ms": float("nan")}),
    ],
)
def test_what_cannot_be_drawn_is_refused(place: str, edit: dict[str, Any]) -> None:
    plain = lock_part(LOCKS, by_shape).model_dump()
    changed = {**plain[place][0], **edit}
    with pytest.raises(ValidationError):
        LockTimelinePart.model_validate({**plain, place: [changed, *plain[place][1:]]})
