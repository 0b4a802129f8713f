import struct
from collections.abc import Callable

import pytest

from hotelctl.adapters.wire import session as module
from hotelctl.adapters.wire.frames import Frame, Gone, Stream, query
from hotelctl.adapters.wire.session import opened
from tests.adapters.wire.ends import (
    DONE,
    REFUSED,
    Aside,
    Ends,
    greeting,
    kinds,
    message,
    ready,
    row,
    waits,
)

Connection = Callable[[], tuple[Stream, Stream]]
_START = greeting(196608, b"user\0ana\0\0")
_KEY = message(b"K", struct.pack("!II", 4711, 9))
_SQL = [Frame(b"Q", b"SELECT 1\0")]
_EXTENDED = [
    Frame(b"P", b"\0COPY rooms FROM STDIN\0\0\0"),
    Frame(b"B", b"\0\0\0\0\0\0\0\0"),
    Frame(b"E", b"\0\0\0\0\0"),
]
_SYNC = Frame(b"S", b"")


class TestLoggingIn:
    def test_encryption_is_refused_and_the_rest_is_between_the_two(self, connection: Connection) -> None:
        (client, its), (server, other) = connection(), connection()
        led = Aside(lambda: opened(its, lambda: other))
        for code in (80877104, 80877103):
            client.send(greeting(code))
            assert client._take(1) == b"N"
        client.send(_START)
        assert server.greeting() == (196608, _START)
        server.send(message(b"R", struct.pack("!I", 3)))
        assert client.frame().kind == b"R"
        client.send(message(b"p", b"secret\0"))
        assert server.frame() == Frame(b"p", b"secret\0")
        server.send(message(b"R", struct.pack("!I", 0)) + _KEY + ready())
        session = led.result()
        assert (session.process, session.state) == (4711, b"I")
        assert kinds(client) == b"RKZ"

    def test_whoever_is_refused_is_told_so_and_has_no_session(self, connection: Connection) -> None:
        (client, its), (server, other) = connection(), connection()
        client.send(_START)
        server.send(REFUSED)
        assert opened(its, lambda: other) is None
        assert kinds(client) == b"E"

    def test_a_wish_to_break_off_is_passed_on(self, connection: Connection) -> None:
        (client, its), (server, other) = connection(), connection()
        sent = greeting(80877102, struct.pack("!II", 4711, 9))
        client.send(sent)
        assert opened(its, lambda: other) is None
        assert server.greeting() == (80877102, sent)
        with pytest.raises(Gone):
            server.frame()

    def test_a_server_that_is_not_there(self, connection: Connection) -> None:
        def lost() -> Stream:
            raise Gone

        client, its = connection()
        client.send(_START)
        with pytest.raises(Gone):
            opened(its, lost)


class TestAsking:
    def test_the_client_sees_nothing_of_it(self, ends: Ends) -> None:
        ends.server.send(message(b"T") + row("7", "8") + row("9") + DONE + ready(b"T"))
        answer = ends.session.ask("SELECT 7")
        assert ends.server.frame().raw == query("SELECT 7")
        assert (answer.value, answer.refusal, answer.state) == ("7", None, b"T")
        assert not answer.idle
        assert not answer.broken
        ends.session.release()
        assert ends.client.frame().raw == ready(b"T")
        assert waits(ends.client)

    def test_a_refusal_is_told(self, ends: Ends) -> None:
        ends.server.send(REFUSED + ready(b"E"))
        answer = ends.session.ask("SELECT 1/0")
        assert answer.refusal is not None
        assert (answer.refusal.sqlstate, answer.broken, answer.refused) == (
            "22012",
            True,
            Frame(b"E", REFUSED[5:]),
        )

    def test_a_lost_server_is_told(self, ends: Ends) -> None:
        ends.server.close()
        with pytest.raises(Gone):
            ends.session.ask("SELECT 1")


class TestForwarding:
    def test_what_the_server_says_is_kept_until_it_is_released(self, ends: Ends) -> None:
        ends.server.send(row("1") + DONE + ready())
        answer = ends.session.forward(_SQL)
        assert ends.server.frame() == _SQL[0]
        assert (answer.value, answer.idle) == (None, True)
        assert waits(ends.client)
        ends.server.send(ready(b"T"))
        ends.session.ask("BEGIN")
        ends.session.release()
        assert kinds(ends.client) == b"DCZ"

    def test_what_is_retracted_never_reaches_the_client(self, ends: Ends) -> None:
        ends.server.send(message(b"N") + ready(b"T"))
        ends.session.forward(_SQL)
        told = ends.session.told
        ends.server.send(REFUSED + ready(b"E"))
        assert ends.session.forward(_SQL).broken
        ends.session.retract(told)
        ends.session.tell(Frame(b"A", b""))
        ends.session.release()
        assert kinds(ends.client) == b"NAZ"

    def test_a_large_answer_reaches_the_client_while_it_comes(
        self, ends: Ends, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_KEPT_BYTES", 20)
        ends.server.send(row("1" * 20) + row("2") + DONE + ready())
        ends.session.forward(_SQL)
        assert ends.client.frame().raw == row("1" * 20)
        ends.session.release()
        assert kinds(ends.client) == b"DCZ"

    def test_somebody_may_look_until_the_first_answer(self, ends: Ends) -> None:
        looked: list[int] = []

        def look() -> None:
            looked.append(1)
            if len(looked) == 3:
                ends.server.send(DONE + ready())

        assert ends.session.forward(_SQL, look).idle
        assert len(looked) >= 3

    def test_a_lost_server_is_told(self, ends: Ends) -> None:
        ends.server.send(row("1"))
        ends.server.close()
        with pytest.raises(Gone):
            ends.session.forward(_SQL)


class TestCopying:
    @pytest.mark.parametrize("last", [b"c", b"f"])
    def test_by_the_simple_protocol_data_end_with_their_last_word(self, ends: Ends, last: bytes) -> None:
        ends.server.send(message(b"G") + DONE + ready())
        ends.client.send(message(b"d", b"1\n") + message(b"d", b"2\n") + message(last) + query("SELECT 2"))
        ends.session.forward(_SQL)
        assert kinds(ends.server) == b"Qdd" + last
        assert kinds(ends.client) == b"G"
        ends.session.release()
        assert kinds(ends.client) == b"CZ"
        assert ends.session.sql_of(ends.session.batch()) == "SELECT 2"

    def test_by_the_extended_protocol_a_second_sync_ends_them(self, ends: Ends) -> None:
        ends.server.send(message(b"1") + message(b"2") + message(b"G") + DONE + ready())
        ends.client.send(message(b"d", b"1\n") + message(b"c") + _SYNC.raw)
        ends.session.forward([*_EXTENDED, _SYNC])
        assert kinds(ends.server) == b"PBESdcS"
        assert kinds(ends.client) == b"12G"

    def test_out_of_the_server_they_are_kept_as_any_answer(self, ends: Ends) -> None:
        ends.server.send(message(b"H") + message(b"d", b"1\n") + message(b"c") + DONE + ready())
        ends.session.forward(_SQL)
        ends.session.release()
        assert kinds(ends.client) == b"HdcCZ"


class TestListening:
    def test_words_up_to_where_the_client_waits(self, ends: Ends) -> None:
        for one in (*_EXTENDED, _SYNC, *_SQL, Frame(b"F", b"")):
            ends.client.send(one.raw)
        assert ends.session.batch() == [*_EXTENDED, _SYNC]
        assert ends.session.batch() == _SQL
        assert ends.session.batch() == [Frame(b"F", b"")]
        ends.client.send(message(b"X"))
        assert ends.session.batch() == []

    def test_what_the_server_says_unasked_reaches_the_client(self, ends: Ends) -> None:
        led = Aside(ends.session.batch)
        ends.server.send(message(b"N", b"a notice"))
        assert ends.client.frame() == Frame(b"N", b"a notice")
        ends.client.send(_SQL[0].raw)
        assert led.result() == _SQL

    def test_at_a_flush_the_client_gets_answers_as_they_come(self, ends: Ends) -> None:
        led = Aside(ends.session.batch)
        ends.client.send(_EXTENDED[0].raw + message(b"H"))
        assert [ends.server.frame().kind for _ in range(2)] == [b"P", b"H"]
        ends.server.send(message(b"1"))
        assert ends.client.frame().kind == b"1"
        ends.client.send(_EXTENDED[1].raw + _SYNC.raw)
        assert [one.kind for one in led.result()] == [b"B", b"S"]

    def test_or_what_it_says_up_to_there_is_a_batch(self, ends: Ends) -> None:
        ends.client.send(_EXTENDED[0].raw + message(b"H") + _EXTENDED[1].raw + _SYNC.raw)
        assert [one.kind for one in ends.session.batch(flushed=True)] == [b"P", b"H"]
        assert [one.kind for one in ends.session.batch(flushed=True)] == [b"B", b"S"]

    def test_a_lost_client_is_told(self, ends: Ends) -> None:
        ends.client.send(_EXTENDED[0].raw)
        ends.client.close()
        with pytest.raises(Gone):
            ends.session.batch()

    def test_a_lost_server_is_told_while_the_client_is_silent(self, ends: Ends) -> None:
        ends.server.close()
        with pytest.raises(Gone):
            ends.session.batch()

    @pytest.mark.parametrize("side", ["client", "server"])
    def test_a_session_that_is_closed_from_elsewhere_ends(self, ends: Ends, side: str) -> None:
        getattr(ends.session, side).close()
        with pytest.raises(Gone):
            ends.session.batch()


def _sql(ends: Ends, *said: Frame) -> str:
    ends.client.send(b"".join(one.raw for one in said))
    return ends.session.sql_of(ends.session.batch())


def test_the_statement_of_a_batch(ends: Ends) -> None:
    execute, one = Frame(b"E", b"\0\0\0\0\0"), Frame(b"P", b"one\0SELECT 1\0\0\0")
    bind, unnamed = Frame(b"B", b"\0one\0\0\0\0\0\0\0"), Frame(b"B", b"\0\0\0\0\0\0\0\0")
    assert _sql(ends, *_SQL) == "SELECT 1"
    assert _sql(ends, one, _SYNC) == ""
    assert _sql(ends, bind, execute, _SYNC) == "SELECT 1", "it was prepared before"
    assert _sql(ends, Frame(b"P", b"\0SELECT 2\0\0\0"), unnamed, execute, bind, execute, _SYNC) == (
        "SELECT 2;\nSELECT 1"
    )
    assert _sql(ends, bind, Frame(b"D", b"P\0"), _SYNC) == "", "nothing is run"
