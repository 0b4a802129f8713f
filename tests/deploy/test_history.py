from pathlib import Path

import pytest

from hotelctl.core.chain import GENESIS, digest, encode
from hotelctl.core.errors import Frozen
from hotelctl.deploy.history import past_operations, unfinished
from hotelctl.deploy.journal import Kind, Record
from hotelctl.deploy.layout import Layout
from tests.fakes.files import FakeFiles

LAYOUT = Layout(Path("/state"))
HEADER = Record("", Kind.NOTE, {"operation": "deploy"}, ts_utc="2026-01-01T00:00:00+00:00")
ENDED = Record("", Kind.OUTCOME, {"outcome": "succeeded"}, ts_utc="2026-01-01T00:00:09+00:00")


def journal(*records: Record) -> bytes:
    written, head = b"", GENESIS
    for seq, record in enumerate(records, start=1):
        line = encode(record.to_json(), seq, head)
        written, head = written + line, digest(line)
    return written


def world(**journals: bytes) -> FakeFiles:
    return FakeFiles({LAYOUT.journal(name): data for name, data in journals.items()})


def test_operations_are_told_oldest_first_and_what_wrote_nothing_is_none() -> None:
    found = past_operations(LAYOUT, world(b=journal(HEADER), a=journal(HEADER, ENDED), c=b""))
    assert [(past.id, past.operation, past.seconds) for past in found] == [
        ("a", "deploy", 9),
        ("b", "deploy", 0),
    ]


def test_the_unfinished_one_has_no_outcome() -> None:
    assert unfinished(LAYOUT, world(a=journal(HEADER, ENDED))) is None
    found = unfinished(LAYOUT, world(a=journal(HEADER, ENDED), b=journal(HEADER)))
    assert found is not None
    assert found.id == "b"


def test_half_a_last_line_is_no_damage() -> None:
    found = past_operations(LAYOUT, world(a=journal(HEADER, ENDED)[:-5]))
    assert [len(past.records) for past in found] == [1]


def test_a_damaged_journal_needs_a_person() -> None:
    data = journal(HEADER, HEADER, ENDED).replace(b"deploy", b"Deploy", 1)
    with pytest.raises(Frozen, match="the journal of a is damaged: line 2"):
        past_operations(LAYOUT, world(a=data))
