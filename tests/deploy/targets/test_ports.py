import os
import socket

import pytest

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.targets import ports

pytestmark = pytest.mark.system


def test_a_picked_port_is_free_and_none_of_the_taken() -> None:
    port = ports.pick(())
    assert ports.is_free(port)
    assert port in ports.RELEASE_PORTS


def test_where_nearly_all_are_taken_the_last_one_is_found() -> None:
    port = ports.pick(())
    assert ports.pick(set(ports.RELEASE_PORTS) - {port}) == port
    with pytest.raises(StepFailed, match="no free loopback port"):
        ports.pick(ports.RELEASE_PORTS)


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - a foreign server may listen everywhere
def test_a_held_port_is_not_free_and_its_holder_is_known(address: str) -> None:
    with socket.create_server((address, 0)) as server:
        port = server.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.fault(port, "127.0.0.1") == f"port {port} cannot be listened on: Address already in use"
        holders = list(ports.holders(port))
    assert [holder.pid for holder in holders] == [os.getpid()]
    assert str(holders[0]).startswith(f"port {port} is held by ")
    assert ports.is_free(port)


def test_an_unseen_holder_is_called_so() -> None:
    assert str(ports.Holder(80, None, "", "")) == "port 80 is held by a process of another user"


def test_loopback_is_there() -> None:
    assert ports.loopbacks()[0] == "127.0.0.1"


def test_the_proposal_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        proposed = int(ports.proposal(server.getsockname()[1]).rsplit(" ", 1)[1])
    assert ports.is_free(proposed)
