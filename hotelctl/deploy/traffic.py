"""Where all traffic goes: what the target shows, held against what the journals tell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hotelctl.core.errors import Diverged, UsageError
from hotelctl.core.ports import Files
from hotelctl.deploy.history import Past
from hotelctl.deploy.journal import TRAFFIC, Kind, Outcome
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Health, Target
from hotelctl.facts.state_file import read_again

_SWITCH = "switch"
_ANOTHER = "hotelctl rollback --to ID sends all traffic to another one; hotelctl history names them"
_WAYS_OUT = (
    "hotelctl resolve --reason TEXT puts it back, hotelctl rollback --to ID sends it to another release"
)


@dataclass(frozen=True, slots=True)
class Traffic:
    """`release` serves; None when nothing does, or when nobody can tell: `diverged` says that then."""

    release: Release | None
    diverged: Diverged | None = None

    def known(self) -> Release | None:
        """The release that serves. Raises `Diverged` when nobody can tell."""
        if self.diverged is not None:
            raise self.diverged
        return self.release


def standing(pasts: Sequence[Past]) -> frozenset[str | None]:
    """The ids of which one has the traffic, None for nowhere; more than one after a freeze amid a switch.

    A switch that is still open does not count: whoever settles it knows both ends.
    """
    found: frozenset[str | None] = frozenset({None})
    for past in pasts:
        progress = past.progress
        switched = progress.effect(_SWITCH, "to")
        before = (progress.header.get("serving") or {}).get("id")
        if switched is None:
            continue
        origin = found if progress.header.get("diverged") else frozenset({before})
        if _SWITCH in progress.undone:
            found = origin
        elif _SWITCH in progress.done:
            found = frozenset({switched})
        elif progress.outcome is Outcome.FROZEN:
            found = origin | {switched}
    return found


def arrival(past: Past, release_id: str) -> str | None:
    """The UTC time in ISO form at which `past` last sent all traffic to that release; None where it did not.

    Killed between that act and its record, the intent just before it tells the time.
    """
    effects = [r for r in past.records if r.step == _SWITCH and r.kind is Kind.EFFECT]
    noted = [str(r.data.get("since", r.ts_utc)) for r in effects if r.data.get(TRAFFIC) == release_id]
    turned_back = _SWITCH not in past.progress.done and past.progress.failure is not None
    meant = [r.ts_utc for r in effects if r.data.get("to") == release_id and not turned_back]
    return next(reversed(noted or meant), None)


def look(target: Target, pasts: Sequence[Past]) -> Traffic:
    """What has the traffic; a pointer that names nothing though something served is a divergence."""
    try:
        release = target.serving()
    except Diverged as error:
        return Traffic(None, Diverged(error.message, _WAYS_OUT))
    expected = standing(pasts)
    if release is None and None not in expected:
        served = " or ".join(sorted(map(str, expected)))
        return Traffic(
            None, Diverged(f"the edge points nowhere, but {served} serves by the journals", _WAYS_OUT)
        )
    return Traffic(release)


@dataclass(frozen=True, slots=True)
class Mending:
    """Puts traffic back to what the journals tell; `unready` says why a release's instance is not ready."""

    target: Target
    layout: Layout
    files: Files
    unready: Callable[[Release, Health], str | None]

    def put_back(self, pasts: Sequence[Past], fence: int) -> str:
        """What was done, in one line.

        Raises:
            Diverged: the journals name two, or the release is not fit to serve; nothing was changed.

        """
        known = sorted(map(str, standing(pasts) - {None}))
        if len(standing(pasts)) > 1:
            raise Diverged(
                f"the journals do not tell whether {' or '.join(known)} serves: the switch froze",
                f"hotelctl rollback --to {known[-1]} sends all traffic there",
            )
        if not known:
            self.target.route(None, fence)
            return "traffic goes nowhere, as before the first deploy"
        release = self._fit(known[0])
        self.target.route(release, fence)
        return f"traffic is back at {release.tag}, deployed as {release.id}"

    def _fit(self, release_id: str) -> Release:
        """The release with that id, ready to serve. Raises `Diverged`."""
        manifest = self.layout.manifest(release_id)
        if not self.files.exists(manifest):
            raise Diverged(
                f"release {release_id}, which served last, has no manifest any more",
                _ANOTHER,
            )
        try:
            release = read_again(manifest, self.files.read(manifest), Release.from_json, _ANOTHER)
        except UsageError as error:
            raise Diverged(f"release {release_id}, which served last: {error.message}", error.hint) from error
        health = self.target.health(release)
        why = self.unready(release, health) if health.alive else "it does not run"
        if why is not None:
            raise Diverged(
                f"release {release_id}, which served last, is not ready: {why}",
                f"hotelctl rollback --to {release_id} starts it and sends all traffic there",
            )
        return release
