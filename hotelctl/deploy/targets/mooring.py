"""How a release comes to have a container: on the environment's network, at a port of this machine."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hotelctl.config.service import Run, ServiceSpec
from hotelctl.core.containers import Containers, ImageStart, Wanted
from hotelctl.core.errors import StepFailed
from hotelctl.deploy.release import Release
from hotelctl.deploy.targets import berth, contained_env, disk, ports
from hotelctl.deploy.targets.berth import Berth
from hotelctl.deploy.targets.moored import OWNER, RELEASE, REVISION, owner, require_own
from hotelctl.deploy.targets.outfit import Outfit, fitted, require_given, usable_image
from hotelctl.deploy.targets.places import Places

_TRIES = 3
TAKEN = ("port is already allocated", "address already in use")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the edge dials a release, and the port of the engine's host that is opened for it, if any."""

    host: str
    port: int
    published: int | None


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

    def name(self, what: str) -> str:
        """What belongs to the environment is called so on its engine."""
        return f"{self._spec.service.name}-{self._places.state.name}-{what}"

    @property
    def digest(self) -> str:
        """Of the state directory: two checkouts of one project may be deployed on one engine."""
        return owner(self._places)[:6]

    def labels(self) -> dict[str, str]:
        """What belongs to the environment is told by them from all else."""
        return {
            "hotelctl.service": self._spec.service.name,
            "hotelctl.environment": self._places.state.name,
            OWNER: owner(self._places),
        }

    def network(self) -> str:
        """The environment's network, made again where somebody removed it."""
        name = self.name(self.digest)
        labels = self._engine.network(name)
        if labels is None:
            self._engine.make_network(name, self.labels())
        elif labels.get(OWNER) != owner(self._places):
            raise StepFailed(
                f"a network named {name} is there already, and it is not of this environment",
                f"docker network inspect {name} tells whose it is; it is not touched",
            )
        return name

    def cast_off(self) -> bool:
        """Whether the network was there and is gone."""
        name = self.name(self.digest)
        labels = self._engine.network(name) or {}
        return labels.get(OWNER) == owner(self._places) and self._engine.remove_network(name)

    def moor(self, release: Release, run: Run, env: Mapping[str, str]) -> None:
        """The release's container runs; one that was made otherwise is replaced."""
        name = self.name(release.id)
        image = usable_image(self._engine, release, self._spec)
        found = self._engine.find(name)
        if found is not None:
            require_own(found, self._places)
        with disk.writing(self._places.state):
            outfit = self.outfit(release, image, env)
        labels = {**self.labels(), RELEASE: release.id}
        for place in self.places(release.id, name, outfit):
            wanted = outfit.wanted(name, self.network(), place.published, labels)
            with disk.writing(self._places.state):
                self._berth(release.id, name, place, run).store(self._places)
            if self._started(wanted, outfit):
                return
        raise StepFailed(f"no port was left for {name} in {_TRIES} tries", "stop what listens there")

    def require_given(self) -> None:
        """Return when all is there that containers are to be given. Raises `StepFailed`."""
        require_given(self._spec)

    def outfit(self, release: Release, image: ImageStart, env: Mapping[str, str]) -> Outfit:
        """What the release's container is made of."""
        return fitted(self._places, self._spec, release, image, env)

    def places(self, release_id: str, _name: str, _outfit: Outfit) -> Iterator[Place]:
        """The port that it had, then others that nobody has."""
        known = berth.load(self._places, release_id)
        taken = berth.taken_ports(self._places)
        if known:
            yield Place("127.0.0.1", known.port, known.port)
        for _ in range(_TRIES):
            port = ports.pick(taken)
            taken.add(port)
            yield Place("127.0.0.1", port, port)

    def _berth(self, release_id: str, name: str, place: Place, run: Run) -> Berth:
        return Berth(
            release=release_id,
            container=name,
            engine=self._engine.engine,
            host=place.host,
            port=place.port,
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
            if not any(words in refusal.message for words in TAKEN):
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
        if outfit.variables:
            self._engine.hand(wanted.name, outfit.variables, (0, 0))
        if outfit.handed:
            self._engine.hand(wanted.name, outfit.handed, outfit.ids)
