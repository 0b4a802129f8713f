from typing import cast

import pytest

from hotelctl.adapters.wire import frames
from hotelctl.adapters.wire.frames import Frame, Stream
from hotelctl.adapters.wire.parts import parts
from hotelctl.adapters.wire.session import Session

_ROW = "INSERT INTO t VALUES ({})"
_CHANGE = "UPDATE t SET name = 'it''s {}' WHERE id = {}"
_REMOVAL = "DELETE FROM t WHERE id = {}"


def sent(*statements: str) -> list[tuple[str, int]]:
    """The words of each part that a query of these is cut into, and how many statements it holds."""
    session = Session(cast("Stream", None), cast("Stream", None))
    batch = [Frame(frames.QUERY, ";".join(statements).encode() + b"\0")]
    return [(part.sql, frames.text_of(part.batch[-1]).count("t VALUES")) for part in parts(session, batch)]


def test_plain_rows_are_looked_at_together_and_nothing_else_is() -> None:
    rows = [_ROW.format(n) for n in range(3)]
    chosen = "INSERT INTO t VALUES ((SELECT 1))"
    assert sent(*rows, "ALTER TABLE t ADD n int", chosen, *rows) == [
        (_ROW.format(0), 3),
        ("ALTER TABLE t ADD n int", 0),
        (chosen, 1),
        (_ROW.format(0), 3),
    ]


def test_what_notes_a_revision_stands_alone_behind_rows() -> None:
    note = "INSERT INTO schema_migrations (name, sha256) VALUES ('2.sql', 'a')"
    assert [sql for sql, _ in sent(_ROW.format(1), _ROW.format(2), note)] == [_ROW.format(1), note]


def test_what_two_hundred_others_showed_is_looked_at_together_whatever_its_values_are() -> None:
    changes = [_CHANGE.format(n, n) for n in range(1200)]
    other = "UPDATE t SET name = 'x' WHERE name = 'y'"
    seen = [sql for sql, _ in sent(*changes, other, *changes)]
    assert seen == [*changes[:201], other, changes[0], changes[1000]]


def test_what_is_looked_at_together_is_of_one_form() -> None:
    both = [[_CHANGE.format(n, n), _REMOVAL.format(n)] for n in range(201)]
    seen = [sql for sql, _ in sent(*(one for pair in both for one in pair), _ROW.format(1), _ROW.format(2))]
    assert seen[-3:] == [both[-1][0], both[-1][1], _ROW.format(1)]
    other, changing = "INSERT INTO u VALUES (1)", _ROW.format("1) ON CONFLICT (id) DO UPDATE SET n = (1")
    assert [sql for sql, _ in sent(_ROW.format(1), other, _ROW.format(1), changing)] == [
        _ROW.format(1),
        other,
        _ROW.format(1),
        changing,
    ]


@pytest.mark.parametrize(("length", "number", "largest"), [(1, 2500, 1000), (300_000, 9, 4)])
def test_no_part_grows_without_end(length: int, number: int, largest: int) -> None:
    row = _ROW.format(f"'{'x' * length}'")
    held = [rows for _, rows in sent(*[row] * number)]
    assert (max(held), sum(held)) == (largest, number)
