import socket
import threading

import pytest

from hotelctl.adapters import names
from hotelctl.adapters.names import SystemNames
from hotelctl.adapters.reach import Reach
from hotelctl.core.errors import NoNetwork, Unavailable
from tests.fakes.evidence import FakeEvidence


def answering(monkeypatch: pytest.MonkeyPatch, error: Exception, *, network: bool = True) -> SystemNames:
    """The resolver says no; the kernel knows a way out or none."""

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(names, "_leads_anywhere", lambda: network)
    return SystemNames(FakeEvidence())


@pytest.mark.system
def test_this_machine_has_an_address() -> None:
    evidence = FakeEvidence()
    found = SystemNames(evidence).resolve("localhost")
    assert {"127.0.0.1", "::1"} & set(found.addresses)
    assert (found.refusal, evidence.records[0]["host"]) == ("", "localhost")


@pytest.mark.system
def test_the_kernel_is_asked_for_a_way_out_and_nothing_is_sent() -> None:
    assert names._leads_anywhere() in (True, False)


def test_a_name_that_nobody_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    assert asked.resolve("nobody.example").refusal == "no such name"


def test_without_a_network_an_unknown_name_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    error = socket.gaierror(socket.EAI_NONAME, "nodename nor servname provided")
    with pytest.raises(NoNetwork, match="this machine has no network"):
        answering(monkeypatch, error, network=False).resolve("api.example")


def test_a_silent_name_service_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    error = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    with pytest.raises(NoNetwork, match="no name service answers"):
        answering(monkeypatch, error).resolve("api.example")


def test_a_resolver_with_a_fault_of_its_own_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    error = socket.gaierror(socket.EAI_FAIL, "Non-recoverable failure in name resolution")
    with pytest.raises(Unavailable, match="non-recoverable failure"):
        answering(monkeypatch, error).resolve("api.example")


def test_what_cannot_be_written_as_a_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    error = UnicodeError("label empty or too long")
    assert answering(monkeypatch, error).resolve("a..example").refusal == "no name can be written like this"


def test_a_resolver_that_does_not_answer_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(60) and [])
    with pytest.raises(Unavailable, match=r"was not looked up within 0.05 s"):
        SystemNames(FakeEvidence()).resolve("api.example", 0.05)
    over.set()


def test_offline_no_name_is_looked_up() -> None:
    asked = SystemNames(FakeEvidence(), Reach(offline=True))
    for ask in (asked.resolve, asked.require):
        with pytest.raises(Unavailable, match="--offline"):
            ask("api.example")
    asked.require("127.0.0.1")
