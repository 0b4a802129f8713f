import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotelctl.core.chain import GENESIS, Chain, ChainBroken, decode, digest, encode

# Surrogates too: they stand for the bytes of file names that are no text.
TEXT = st.text(st.characters(exclude_categories=()))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=3,
)
RECORDS = st.lists(st.dictionaries(TEXT, VALUES, max_size=2), min_size=1, max_size=3)


def written(records: list[Mapping[str, Any]]) -> list[bytes]:
    lines: list[bytes] = []
    head = GENESIS
    for seq, record in enumerate(records, start=1):
        lines.append(encode(record, seq, head))
        head = digest(lines[-1])
    return lines


@settings(max_examples=60)
@given(RECORDS)
def test_what_is_written_is_read_with_the_place_of_each_record(records: list[Mapping[str, Any]]) -> None:
    lines = written(records)
    data = b"".join(lines)
    heads = [GENESIS, *map(digest, lines)]
    expected = tuple(
        {**record, "seq": seq, "prev_sha256": heads[seq - 1]} for seq, record in enumerate(records, start=1)
    )
    assert decode(data) == Chain(expected, heads[-1], len(data), torn=False)


def test_an_empty_file_is_an_empty_chain() -> None:
    assert decode(b"") == Chain((), GENESIS, 0, torn=False)


def test_a_record_is_one_line_whatever_is_in_it() -> None:
    line = encode({"text": "a\nb\u2028c\r", "name": "é"}, 1, GENESIS)
    assert "é".encode() in line
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert list(json.loads(line)) == sorted(json.loads(line))


def test_a_record_cannot_name_its_own_place() -> None:
    line = encode({"seq": 9, "prev_sha256": "x"}, 1, GENESIS)
    assert decode(line).records == ({"seq": 1, "prev_sha256": GENESIS},)


@settings(max_examples=60)
@given(records=RECORDS, data=st.data())
def test_a_torn_last_line_is_no_damage(records: list[Mapping[str, Any]], data: st.DataObject) -> None:
    lines = written(records)
    kept = data.draw(st.integers(0, len(lines[-1]) - 1))
    whole = b"".join(lines[:-1])
    chain = decode(whole + lines[-1][:kept])
    assert (len(chain.records), chain.good_bytes, chain.torn) == (len(lines) - 1, len(whole), kept > 0)
    again = encode(records[-1], len(chain.records) + 1, chain.head)
    assert again == lines[-1]


@settings(max_examples=60)
@given(records=RECORDS, data=st.data())
def test_a_changed_byte_before_the_last_line_is_refused_there_or_at_the_next_line(
    records: list[Mapping[str, Any]], data: st.DataObject
) -> None:
    lines = written([*records, {"last": True}])
    number = data.draw(st.integers(1, len(lines) - 1))
    line = bytearray(lines[number - 1])
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] = data.draw(st.integers(0, 255).filter(lambda new: new != line[place]))
    lines[number - 1] = bytes(line)
    with pytest.raises(ChainBroken) as broken:
        decode(b"".join(lines))
    assert broken.value.line in (number, number + 1)
    assert str(broken.value) == f"line {broken.value.line}: {broken.value.why}"


@settings(max_examples=60)
@given(records=RECORDS, data=st.data())
def test_a_torn_tail_does_not_hide_damage_before_it(
    records: list[Mapping[str, Any]], data: st.DataObject
) -> None:
    lines = written([*records, {"last": True}])
    number = data.draw(st.integers(0, len(lines) - 2))
    lines[number] = lines[number].replace(b'"seq":', b'"sec":')
    with pytest.raises(ChainBroken) as broken:
        decode(b"".join(lines) + b'{"torn')
    assert broken.value.line == number + 1


DAMAGES: Mapping[str, tuple[Callable[[list[bytes]], list[bytes]], int, str]] = {
    "first line gone": (lambda lines: lines[1:], 1, "has number 2"),
    "line gone": (lambda lines: [lines[0], lines[2]], 2, "has number 3"),
    "line twice": (lambda lines: [lines[0], lines[0]], 2, "has number 1"),
    "empty line": (lambda lines: [b"\n", *lines], 1, "is not JSON"),
    "array": (lambda lines: [lines[0], b"[]\n"], 2, "is not a JSON object"),
    "no text": (lambda lines: [lines[0], b"\xff\n"], 2, "is not JSON"),
    "other chain": (
        lambda lines: [lines[0], encode({}, 2, GENESIS)],
        2,
        "does not follow the line before it",
    ),
    "rewritten": (
        lambda lines: [encode({"n": 7}, 1, GENESIS), *lines[1:]],
        2,
        "does not follow the line before it",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_has_its_words(name: str) -> None:
    change, line, why = DAMAGES[name]
    with pytest.raises(ChainBroken) as broken:
        decode(b"".join(change(written([{"n": n} for n in range(3)]))))
    assert (broken.value.line, broken.value.why) == (line, why)
