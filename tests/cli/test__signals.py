import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from hotelctl.cli._signals import stop_request


@pytest.fixture(autouse=True)
def _usual() -> Iterator[None]:
    """Whoever runs the tests in the background, or under nohup, ignores some of them."""
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    hang_up = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGHUP, hang_up)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_only_asks(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    with stop_request() as asked:
        assert not asked()
        signal.raise_signal(number)
        assert asked()
    assert capsys.readouterr() == (
        "",
        "hotelctl: stopping after the current action; once more ends it at once\n",
    )


class _Waiting:
    """A stream whose own writing was interrupted, as one is whose pipe is full."""

    def write(self, _text: str) -> int:
        raise RuntimeError("reentrant call inside <_io.BufferedWriter name='<stderr>'>")


def test_a_signal_while_the_output_waits_for_its_reader_only_asks_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", _Waiting())
    with stop_request() as asked:
        signal.raise_signal(signal.SIGINT)
        assert asked()


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_the_second_one_is_as_abrupt_as_a_kill(second: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    with stop_request():
        signal.raise_signal(signal.SIGINT)
        monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
        signal.raise_signal(second)
    assert sent == [(os.getpid(), signal.SIGKILL)]


def test_a_closed_terminal_asks_however_often_and_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "kill", pytest.fail)
    with stop_request() as asked:
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGHUP)
        assert asked()
    assert capsys.readouterr() == ("", "")


def test_nohup_keeps_its_meaning() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_request() as asked:
            signal.raise_signal(signal.SIGHUP)
            assert not asked()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_afterwards_signals_mean_what_they_meant_before() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with suppress(ZeroDivisionError), stop_request():
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] != before
        raise ZeroDivisionError
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_each_operation_is_asked_by_itself() -> None:
    with stop_request():
        signal.raise_signal(signal.SIGTERM)
    with stop_request() as asked:
        assert not asked()
