"""Names looked up by this machine's own resolver, as the service's libraries do."""

import queue
import socket
import threading
from contextlib import suppress

from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.core.errors import NoNetwork, Unavailable
from hotelctl.core.names import Resolved
from hotelctl.core.ports import EvidenceLog

_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
# Addresses that no machine has (RFC 5737, RFC 3849); nothing is sent there.
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_DISCARD_PORT = 9


class SystemNames:
    """Asks once; nothing is kept."""

    def __init__(self, evidence: EvidenceLog, reach: Reach = ANYWHERE) -> None:
        """Keep the ports."""
        self._evidence = evidence
        self._reach = reach

    def require(self, host: str) -> None:
        """Return when `host` may be asked anything. Raises `Unavailable`."""
        self._reach.require(host)

    def resolve(self, host: str, timeout_s: float = 5.0) -> Resolved:
        """The addresses of `host`, or why there are none.

        Raises:
            NoNetwork: there is no name service, or no network behind it.
            Unavailable: it is out of reach, or no answer came in time.

        """
        self._reach.require(host)
        answer = _within(host, timeout_s)
        if isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_AGAIN:
            raise NoNetwork(f"{host} cannot be looked up: no name service answers this machine")
        if isinstance(answer, OSError):
            if answer.errno not in _NO_SUCH_NAME:
                raise Unavailable(f"{host} cannot be looked up: {(answer.strerror or str(answer)).lower()}")
            if not _leads_anywhere():
                raise NoNetwork(f"{host} cannot be looked up: this machine has no network")
            return self._resolved(host, (), "no such name")
        return self._resolved(host, answer, "" if answer else "no name can be written like this")

    def _resolved(self, host: str, addresses: tuple[str, ...], refusal: str) -> Resolved:
        data = {"host": host, "addresses": addresses, "refusal": refusal}
        return Resolved(addresses, refusal, self._evidence.record("names", data))


def _within(host: str, timeout_s: float) -> tuple[str, ...] | OSError:
    """The resolver's answer. It has no limit of its own, so a thread waits for it."""
    answers: queue.SimpleQueue[tuple[str, ...] | OSError] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_asked(host)), daemon=True).start()
    try:
        return answers.get(timeout=timeout_s)
    except queue.Empty:
        raise Unavailable(f"{host} was not looked up within {timeout_s:g} s") from None


def _asked(host: str) -> tuple[str, ...] | OSError:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError:
        return ()
    return tuple(dict.fromkeys(str(address[4][0]) for address in found))


def _leads_anywhere() -> bool:
    """Whether the kernel knows a way out; some resolvers call every name unknown where there is none."""
    for family, address in _ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, _DISCARD_PORT))
            return True
    return False
