import struct
from collections.abc import Callable

import pytest

from hotelctl.adapters.wire import frames
from hotelctl.adapters.wire.frames import Frame, Gone, Refusal, Stream
from tests.adapters.wire.ends import REFUSED, greeting, message, row

Connection = Callable[[], tuple[Stream, Stream]]


def test_messages_come_whole_however_they_were_cut(connection: Connection) -> None:
    ours, theirs = connection()
    sent = message(b"Q", b"SELECT 1\0") + message(b"S")
    ours.send(sent[:3])
    ours.send(sent[3:])
    assert not theirs.buffered
    assert theirs.frame() == Frame(b"Q", b"SELECT 1\0")
    assert theirs.buffered
    assert theirs.frame().raw == b"S\0\0\0\4"
    assert not theirs.buffered


@pytest.mark.parametrize("sent", [b"", b"Q\0\0", b"Q\0\0\0\x08ab"])
def test_a_stream_that_ends_within_a_message_is_lost(connection: Connection, sent: bytes) -> None:
    ours, theirs = connection()
    ours.send(sent)
    ours.close()
    with pytest.raises(Gone):
        theirs.frame()


@pytest.mark.parametrize("length", [0, 3, (1 << 30) + 1, 0xFFFFFFFF])
def test_what_is_no_postgresql_is_lost_at_its_first_word(connection: Connection, length: int) -> None:
    ours, theirs = connection()
    ours.send(b"Q" + struct.pack("!I", length) + b"....")
    with pytest.raises(Gone):
        theirs.frame()


def test_nobody_is_there_to_send_to(connection: Connection) -> None:
    ours, theirs = connection()
    theirs.close()
    with pytest.raises(Gone):
        ours.send(b"x" * 10_000_000)
    ours.close()
    ours.close()


@pytest.mark.parametrize(
    ("code", "wish"),
    [(80877103, "encryption"), (80877104, "encryption"), (80877102, "cancel"), (196608, ""), (196610, "")],
)
def test_a_greeting_says_what_the_session_is_for(connection: Connection, code: int, wish: str) -> None:
    ours, theirs = connection()
    sent = greeting(code, b"user\0ana\0\0")
    ours.send(sent)
    found, whole = theirs.greeting()
    assert (found, whole) == (code, sent)
    assert frames.wants_encryption(code) is (wish == "encryption")
    assert frames.is_cancel(code) is (wish == "cancel")


def test_the_words_of_a_statement(connection: Connection) -> None:
    ours, theirs = connection()
    ours.send(frames.query("SELECT 'für'"))
    assert frames.text_of(theirs.frame()) == "SELECT 'für'"
    parse = Frame(b"P", "one\0SELECT 'für'\0\0\1\0\0\0\x17".encode())
    assert frames.parsed(parse) == ("one", "SELECT 'für'")
    assert frames.bound(Frame(b"B", b"portal\0one\0\0\0")) == "one"
    assert frames.bound(Frame(b"B", b"\0\0\0\0")) == ""


@pytest.mark.parametrize(
    ("sent", "value"), [(row("1", "2"), "1"), (row(None, "2"), None), (row(), None), (row(""), "")]
)
def test_the_first_value_of_a_row(sent: bytes, value: str | None) -> None:
    assert frames.first_value(Frame(sent[:1], sent[5:])) == value


def test_a_refusal_and_a_process() -> None:
    assert frames.refusal(Frame(b"E", REFUSED[5:])) == Refusal("22012", "division by zero")
    assert frames.refusal(Frame(b"E", b"\0")) == Refusal("", "it says nothing")
    assert frames.process_number(Frame(b"K", struct.pack("!II", 4711, 9))) == 4711
