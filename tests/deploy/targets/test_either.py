"""An environment goes from processes to containers and back, behind one edge."""

import pytest

from hotelctl.deploy.release import Release
from hotelctl.deploy.targets.berth import taken_ports
from hotelctl.deploy.targets.either import EitherTarget, Kind
from tests.deploy.targets.harbour import Harbour
from tests.deploy.targets.place import Place, ask, direct_port, eventually

pytestmark = [pytest.mark.system, pytest.mark.engine]


class Both:
    def __init__(self, harbour: Harbour) -> None:
        self.harbour = harbour
        self.place = Place(harbour.state, harbour.port, harbour.told)

    def target(self, wanted: Kind) -> EitherTarget:
        return EitherTarget(wanted, self.place.target(), self.harbour.target())

    def serve(self, target: EitherTarget, release: Release, fence: int) -> None:
        target.prepare(self.harbour.port)
        url = target.stage(release, {}).url
        eventually(lambda: ask(direct_port(url), "/readyz")[0] == 200)
        target.route(release, fence)
        assert self.harbour.target().edge.port == self.harbour.port
        assert self.harbour.version() == release.commit
        assert target.serving() == release


@pytest.fixture
def both(harbour: Harbour) -> Both:
    return Both(harbour)


def test_traffic_goes_from_a_process_to_a_container_and_back_and_each_ends_as_what_it_is(both: Both) -> None:
    old, new = both.place.release("r1"), both.harbour.release("r2")
    both.serve(both.target("process"), old, 1)
    target = both.target("docker")
    assert target.serving() == old
    both.serve(target, new, 2)
    assert target.health(old).alive
    both.serve(target, old, 3)
    assert target.retire(new).clean
    both.serve(both.target("process"), new, 4)
    assert target.retire(old).clean
    target.discard(old)
    assert not target.health(old).alive
    assert target.process(new) != target.process(old) is None
    assert (target.memory_bytes(new) or 0) > 1_000_000
    assert target.inflight(new) == 0


def test_what_serves_as_a_container_is_brought_back_whatever_is_wanted_now(both: Both) -> None:
    new = both.harbour.release("r2")
    both.serve(both.target("docker"), new, 1)
    both.harbour.client.containers.get(f"{both.harbour.name}-local-r2").stop()
    both.target("process").prepare(both.harbour.port)
    assert both.harbour.version() == new.commit


def test_no_two_releases_have_one_port_whatever_they_run_as(both: Both) -> None:
    target = both.target("docker")
    target.prepare(both.harbour.port)
    for n in range(2):
        target.stage(both.place.release(f"p{n}"), {})
        target.stage(both.harbour.release(f"c{n}"), {})
    assert len(taken_ports(both.harbour.places)) == 5
