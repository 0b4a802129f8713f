"""The frames in which an engine hands out what a program wrote."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from hotelctl.adapters.docker_inside import Output


@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=40)), max_size=6), st.data())
def test_what_was_written_comes_whole_however_it_was_cut(
    parts: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    sent = b"".join(struct.pack(">BxxxL", kind, len(part)) + part for kind, part in parts)
    output, found = Output(), b""
    while sent:
        size = data.draw(st.integers(1, len(sent)))
        found, sent = found + output.of(sent[:size]), sent[size:]
    assert found == b"".join(part for _, part in parts)
