"""How a release comes to have a container: on the environment's network, at a port of this machine."""

from collections.abc import Callable, Iterator, Mapping

from hotelctl.config.service import Run, ServiceSpec
from hotelctl.core.containers import Containers, Wanted
from hotelctl.core.errors import StepFailed
from hotelctl.deploy.release import Release
from hotelctl.deploy.targets import berth, contained_env, disk, ports
from hotelctl.deploy.targets.berth import Berth
from hotelctl.deploy.targets.moored import OWNER, RELEASE, REVISION, owner, require_own
from hotelctl.deploy.targets.outfit import Outfit, fitted, usable_image
from hotelctl.deploy.targets.places import Places

_TRIES = 3
_TAKEN = ("port is already allocated", "address already in use")


class Mooring:
    """Makes networks and containers of one environment."""

    def __init__(
        self,
        places: Places,
        spec: ServiceSpec,
        containers: Containers,
        tell: Callable[[str], None],
    ) -> None:
        """Nothing is made yet."""
        self._places = places
        self._spec = spec
        self._engine = containers
        self._tell = tell

    @property
    def _names(self) -> str:
        return f"{self._spec.service.name}-{self._places.state.name}"

    def _labels(self) -> dict[str, str]:
        return {
            "hotelctl.service": self._spec.service.name,
            "hotelctl.environment": self._places.state.name,
            OWNER: owner(self._places),
        }

    def network(self) -> str:
        """The environment's network, made again where somebody removed it."""
        # Two checkouts of one project may be deployed on one machine.
        name = f"{self._names}-{owner(self._places)[:6]}"
        labels = self._engine.network(name)
        if labels is None:
            self._engine.make_network(name, self._labels())
        elif labels.get(OWNER) != owner(self._places):
            raise StepFailed(
                f"a network named {name} is there already, and it is not of this environment",
                f"docker network inspect {name} tells whose it is; it is not touched",
            )
        return name

    def cast_off(self) -> bool:
        """Whether the network was there and is gone."""
        name = f"{self._names}-{owner(self._places)[:6]}"
        labels = self._engine.network(name) or {}
        return labels.get(OWNER) == owner(self._places) and self._engine.remove_network(name)

    def moor(self, release: Release, run: Run, env: Mapping[str, str]) -> None:
        """The release's container runs; one that was made otherwise is replaced."""
        name = f"{self._names}-{release.id}"
        image = usable_image(self._engine, release, self._spec)
        found = self._engine.find(name)
        if found is not None:
            require_own(found, self._places)
        with disk.writing(self._places.state):
            outfit = fitted(self._places, self._spec, release, image, env)
        for port in self._ports(release.id):
            labels = {**self._labels(), RELEASE: release.id}
            wanted = outfit.wanted(name, self.network(), port, labels)
            with disk.writing(self._places.state):
                self._berth(release.id, name, port, run).store(self._places)
            if self._started(wanted, outfit):
                return
        raise StepFailed(f"no port was left for {name} in {_TRIES} tries", "stop what listens there")

    def _ports(self, release_id: str) -> Iterator[int]:
        """The port that it had, then others that nobody has."""
        known = berth.load(self._places, release_id)
        taken = berth.taken_ports(self._places)
        if known:
            yield known.port
        for _ in range(_TRIES):
            port = ports.pick(taken)
            taken.add(port)
            yield port

    def _berth(self, release_id: str, name: str, port: int, run: Run) -> Berth:
        return Berth(
            release=release_id,
            container=name,
            engine=self._engine.engine,
            port=port,
            stop_timeout_s=run.stop_timeout_s,
            drain_signal=run.drain_signal,
            clean_exit=run.clean_exit,
            clean_log=run.clean_log,
        )

    def _started(self, wanted: Wanted, outfit: Outfit) -> bool:
        """Whether it was; False where somebody else has its port."""
        found = self._engine.find(wanted.name)
        # One that was never started may be of an attempt that ended before it knew of the shell.
        whole = (
            found is not None and found.started_at_s and found.labels.get(REVISION) == wanted.labels[REVISION]
        )
        if found is not None and not whole:
            self._engine.remove(wanted.name)
            found = None
        if found is None:
            self._create(wanted, outfit)
        try:
            self._engine.start(wanted.name, wanted.network)
        except StepFailed as refusal:
            if not any(words in refusal.message for words in _TAKEN):
                raise
            self._engine.remove(wanted.name)
            return False
        return True

    def _create(self, wanted: Wanted, outfit: Outfit) -> None:
        """Where no shell can hand on the variables they are given plainly, and it is said."""
        self._engine.create(wanted)
        self._hand(wanted, outfit)
        if outfit.fits_a_shell and self._engine.holds(wanted.name, contained_env.SHELL):
            return
        self._engine.remove(wanted.name)
        named = "its image has no" if outfit.fits_a_shell else "not all have names for"
        self._tell(f"docker inspect shows the variables of {wanted.name}: {named} {contained_env.SHELL}")
        self._engine.create(outfit.plain(wanted))
        self._hand(wanted, outfit)

    def _hand(self, wanted: Wanted, outfit: Outfit) -> None:
        if outfit.handed:
            self._engine.hand(wanted.name, outfit.handed, outfit.ids)
