import pytest

from hotelctl.adapters.git_objects import NotUnderstood, ObjectStream, one_by_one

_ID, _OTHER = "a" * 40, "b" * 40


def _stream(*objects: tuple[str, str, bytes]) -> bytes:
    return b"".join(f"{name} {kind} {len(data)}\n".encode() + data + b"\n" for name, kind, data in objects)


def _read(data: bytes, piece: int, overlap: int = 3) -> tuple[list[tuple[str, bytes]], ObjectStream]:
    found: list[tuple[str, bytes]] = []
    stream = ObjectStream(one_by_one(lambda name, window: found.append((name, window))), overlap)
    for start in range(0, len(data), piece):
        stream.write(data[start : start + piece])
    return found, stream


@pytest.mark.parametrize("piece", [1, 2, 41, 1000])
def test_objects_are_told_apart_however_the_stream_is_cut(piece: int) -> None:
    data = _stream((_ID, "blob", b"one\ntwo"), (_OTHER, "commit", b""), (_OTHER, "tree", b"a\0b"))
    found, stream = _read(data, piece)
    stream.finish()
    assert found == [(_ID, b"one\ntwo"), (_OTHER, b"a\0b")]
    assert stream.count == 3


def test_a_large_object_comes_in_windows_that_share_bytes() -> None:
    content = bytes(n % 251 for n in range(9_000_000))
    found, stream = _read(_stream((_ID, "blob", content)), 500_000, overlap=100)
    stream.finish()
    windows = [window for _, window in found]
    assert len(windows) > 1
    assert max(map(len, windows)) < 5_000_000
    assert windows[0] + b"".join(window[100:] for window in windows[1:]) == content


@pytest.mark.parametrize("data", [f"{_ID} missing\n".encode(), b"x" * 300, b"not an object\n"])
def test_what_git_does_not_promise_is_said(data: bytes) -> None:
    found, stream = _read(data + _stream((_ID, "blob", b"one")), 50)
    with pytest.raises(NotUnderstood):
        stream.finish()
    assert found == []


@pytest.mark.parametrize("end", [10, 50, -1])
def test_a_stream_that_breaks_off_is_no_end(end: int) -> None:
    _, stream = _read(_stream((_ID, "blob", b"content of it"))[:end], 7)
    with pytest.raises(NotUnderstood, match="ends within"):
        stream.finish()
