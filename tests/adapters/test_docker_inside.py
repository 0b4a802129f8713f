"""The frames in which an engine hands out what a program wrote."""

import io
import struct
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.adapters import docker_inside
from hotelctl.adapters.docker_inside import Output, ended
from hotelctl.core.errors import Unavailable


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


def _client(*told: dict[str, object]) -> Any:  # noqa: ANN401 - the little of the SDK that is asked
    """An engine whose program prints and ends, and which says how in these words, the last one for ever."""
    words = [*told]
    printed = io.BytesIO(struct.pack(">BxxxL", 1, 3) + b"ok\n")
    response = SimpleNamespace(raw=SimpleNamespace(_fp=SimpleNamespace(fp=printed)), close=lambda: None)
    far = SimpleNamespace(settimeout=lambda _: None, close=lambda: None)
    api = SimpleNamespace(
        exec_create=lambda *_, **__: {"Id": "e1"},
        exec_start=lambda *_, **__: SimpleNamespace(_sock=far, _response=response),
        exec_inspect=lambda _: words.pop(0) if len(words) > 1 else words[0],
    )
    return cast("Any", SimpleNamespace(api=api))


@pytest.mark.parametrize(
    "told",
    [
        ({"Running": True, "ExitCode": None}, {"Running": False, "ExitCode": 3}),
        ({"Running": True, "ExitCode": 0}, {"Running": False, "ExitCode": 3}),
        ({"Running": False}, {"ExitCode": 3}),
    ],
)
def test_a_code_that_is_said_after_the_output_ended_is_waited_for(
    told: tuple[dict[str, object], ...],
) -> None:
    assert ended(_client(*told), "edge", ["true"], 1) == (3, "ok")


def test_a_code_that_is_never_said_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker_inside, "_CODE_S", 0.1)
    with pytest.raises(Unavailable, match="does not say how a program in a container ended"):
        ended(_client({"Running": False, "ExitCode": None}), "edge", ["true"], 1)
